public import SynCookies
public import Wire

/// What two ends hold to after their SYNs crossed: an option counts only when both sent it.
public struct OptionAgreement: Hashable, Sendable {
  /// The largest segment that the peer takes, in octets of data.
  public var peerMaximumSegmentSize: UInt16
  /// By how much the peer's windows are shifted left; 0 without agreement.
  public var sendShift: UInt8
  /// By how much this end's windows are shifted right; nil without agreement.
  public var receiveShift: UInt8?
  /// Whether both ends understand selective acknowledgments.
  public var sack: Bool
  /// The peer's latest TSval, to be echoed (TS.Recent of RFC 7323 §4.3); nil without agreement.
  public var timestampToEcho: UInt32?

  /// The largest shift that may be used (RFC 7323 §2.3).
  public static let largestShift: UInt8 = 14

  /// Works out what holds when a host with `settings` gets a SYN or SYN-ACK with these options.
  ///
  /// - Parameters:
  ///   - offer: The peer's options.
  ///   - settings: What this end offered, or will offer in its answer.
  ///   - peer: The peer's address, whose family gives the default MSS (RFC 9293 §3.7.1).
  public init(offer: TCPOptions, settings: StackSettings, peer: IPAddress) {
    peerMaximumSegmentSize = Self.effectiveSegmentSize(
      announced: offer.maximumSegmentSize, peer: peer)
    let shifts = settings.windowScale.flatMap { ours in offer.windowScale.map { (ours, $0) } }
    receiveShift = shifts.map { min($0.0, Self.largestShift) }
    sendShift = shifts.map { min($0.1, Self.largestShift) } ?? 0
    sack = offer.sackPermitted && settings.offersSack
    timestampToEcho = settings.offersTimestamps ? offer.timestamps?.value : nil
  }

  /// What holds with a peer of whom nothing is remembered.
  public static func nothingRemembered(of peer: IPAddress) -> Self {
    Self(offer: .none, settings: StackSettings(), peer: peer)
  }

  /// Works out what holds with a peer whose cookie came back.
  ///
  /// - Parameters:
  ///   - recovered: What is known of its SYN.
  ///   - timestamps: Those of the ACK.
  ///   - settings: What this end offered.
  ///   - peer: The peer's address, whose family gives the MSS where none is known.
  public init(
    _ recovered: RecoveredCookie, timestamps: TCPTimestamps?, settings: StackSettings,
    peer: IPAddress
  ) {
    peerMaximumSegmentSize = Self.effectiveSegmentSize(
      announced: recovered.maximumSegmentSize, peer: peer)
    let ours = recovered.ownWindowScale ?? settings.windowScale
    let shifts = ours.flatMap { ours in recovered.windowScale.map { (ours, $0) } }
    receiveShift = shifts.map { min($0.0, Self.largestShift) }
    sendShift = shifts.map { min($0.1, Self.largestShift) } ?? 0
    sack = recovered.sack && settings.offersSack
    timestampToEcho =
      recovered.timestamps && settings.offersTimestamps ? timestamps?.value : nil
  }

  /// Gives up every option that a cookie does not keep.
  mutating func forgetAll(but kept: KeptOptions) {
    if !kept.windowScale {
      sendShift = 0
      receiveShift = nil
    }
    if !kept.sack { sack = false }
    if !kept.timestamps { timestampToEcho = nil }
  }

  /// The options of the SYN-ACK that seals this agreement: each only if the SYN brought it.
  func answer(settings: StackSettings, clock: UInt32) -> TCPOptions {
    TCPOptions(
      maximumSegmentSize: settings.maximumSegmentSize, windowScale: receiveShift,
      sackPermitted: sack,
      timestamps: timestampToEcho.map { TCPTimestamps(value: clock, echoReply: $0) })
  }

  /// The segment size to use with a peer that announced `announced`.
  ///
  /// No announcement and an announcement of 0 count as the family's default; one too small to
  /// carry data beside a full set of options is raised to 48 octets, as Linux does
  /// (`TCP_MIN_SND_MSS`), since otherwise a peer could make every octet cost a segment.
  static func effectiveSegmentSize(announced: UInt16?, peer: IPAddress) -> UInt16 {
    announced.flatMap { $0 == 0 ? nil : max($0, 48) } ?? peer.defaultMaximumSegmentSize
  }
}
