public import Wire

/// What a SYN of the probe offers: the options, and the bits of explicit congestion notification.
public struct ProbeOffer: Hashable, Sendable {
  /// The MSS announced, in octets; nil sends no such option.
  public var maximumSegmentSize: UInt16?
  /// The window scale offered; nil offers none.
  public var windowScale: UInt8?
  /// Whether selective acknowledgments are permitted.
  public var sack: Bool
  /// Whether timestamps are offered.
  public var timestamps: Bool
  /// Whether a Fast Open cookie is asked for (RFC 7413 §4.1.1).
  public var fastOpen: Bool
  /// What is asked for of explicit congestion notification.
  public var congestion: CongestionOffer

  /// What a SYN asks for of explicit congestion notification.
  public enum CongestionOffer: String, Hashable, Sendable, CaseIterable {
    /// Nothing.
    case none
    /// The classic one: ECE and CWR (RFC 3168 §6.1.1).
    case classic
    /// The accurate one: AE, ECE and CWR (RFC 9768 §3.1.1).
    case accurate
  }

  /// Creates an offer; without arguments, of nothing.
  public init(
    maximumSegmentSize: UInt16? = nil, windowScale: UInt8? = nil, sack: Bool = false,
    timestamps: Bool = false, fastOpen: Bool = false, congestion: CongestionOffer = .none
  ) {
    self.maximumSegmentSize = maximumSegmentSize
    self.windowScale = windowScale
    self.sack = sack
    self.timestamps = timestamps
    self.fastOpen = fastOpen
    self.congestion = congestion
  }

  /// What a present-day host offers.
  public static let usual = Self(
    maximumSegmentSize: 1_460, windowScale: 7, sack: true, timestamps: true)

  /// The offers whose answers make the table of options: each option alone, none, all, and SACK with
  /// window scale, which cookies forget, with timestamps and without.
  public static let table: [Self] = [
    Self(), Self(maximumSegmentSize: 1_460), Self(windowScale: 7), Self(sack: true),
    Self(timestamps: true), Self(fastOpen: true), Self(congestion: .classic),
    Self(congestion: .accurate),
    Self(maximumSegmentSize: 1_460, windowScale: 7, sack: true),
    Self(maximumSegmentSize: 1_460, windowScale: 7, sack: true, timestamps: true),
    Self(
      maximumSegmentSize: 1_460, windowScale: 7, sack: true, timestamps: true, fastOpen: true,
      congestion: .classic),
  ]

  /// The options of the SYN.
  ///
  /// - Parameter clock: The TSval to send, where timestamps are offered.
  /// - Returns: What is offered, and no more.
  public func options(clock: UInt32) -> TCPOptions {
    TCPOptions(
      maximumSegmentSize: maximumSegmentSize, windowScale: windowScale, sackPermitted: sack,
      timestamps: timestamps ? TCPTimestamps(value: clock, echoReply: 0) : nil,
      others: fastOpen ? [.fastOpen(cookie: [])] : [])
  }

  /// The control bits of the SYN.
  public var flags: TCPFlags {
    switch congestion {
    case .none: .syn
    case .classic, .accurate: [.syn, .ece, .cwr]
    }
  }
}

extension ProbeOffer: CustomStringConvertible {
  /// The options' names, `MSS 1460, WS 7, SACK, TS`, or `nothing`.
  public var description: String {
    let congestionName: String? =
      switch congestion {
      case .none: nil
      case .classic: "ECN"
      case .accurate: "AccECN"
      }
    let names = [
      maximumSegmentSize.map { "MSS \($0)" }, windowScale.map { "WS \($0)" },
      sack ? "SACK" : nil, timestamps ? "TS" : nil, fastOpen ? "TFO" : nil, congestionName,
    ].compactMap { $0 }
    return names.isEmpty ? "nothing" : names.joined(separator: ", ")
  }
}
