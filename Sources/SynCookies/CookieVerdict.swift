/// What a cookie that came back proves.
public enum CookieVerdict: Hashable, Sendable {
  /// The peer receives what is sent to its address; this much is known of its SYN.
  case accepted(RecoveredCookie)
  /// Nothing is proved.
  case refused(CookieRefusal)

  /// Tells whether the peer proved that it receives what is sent to its address.
  public var isValid: Bool {
    switch self {
    case .accepted: true
    case .refused: false
    }
  }
}

/// What is known of a SYN from the ACK that brought its cookie back.
public struct RecoveredCookie: Hashable, Sendable {
  /// How often the scheme's clock or key has stepped since the cookie was made; 0 for not at all.
  public var age: Int
  /// The largest remembered size that does not exceed the SYN's MSS, in octets; nil when the scheme
  /// remembers none.
  public var maximumSegmentSize: UInt16?
  /// The SYN's window scale, from 0 to 14, or less where the scheme rounds it down; nil for no
  /// scaling.
  public var windowScale: UInt8?
  /// The window scale that the SYN-ACK announced, where the scheme remembers this too; nil for the
  /// host's usual one.
  public var ownWindowScale: UInt8?
  /// Whether both ends understand selective acknowledgments.
  public var sack: Bool
  /// Whether both ends agreed on explicit congestion notification.
  public var ecn: Bool
  /// Whether both ends send timestamps.
  public var timestamps: Bool

  /// Creates what is known; without more than an age, nothing else is.
  public init(
    age: Int, maximumSegmentSize: UInt16? = nil, windowScale: UInt8? = nil,
    ownWindowScale: UInt8? = nil, sack: Bool = false, ecn: Bool = false, timestamps: Bool = false
  ) {
    self.age = age
    self.maximumSegmentSize = maximumSegmentSize
    self.windowScale = windowScale
    self.ownWindowScale = ownWindowScale
    self.sack = sack
    self.ecn = ecn
    self.timestamps = timestamps
  }
}

/// Why a cookie was refused.
///
/// None of them tells a forgery from a cookie that is too old: 32 bits decode to something in
/// either case.
public enum CookieRefusal: Hashable, Sendable, CaseIterable {
  /// The keyed hash is another: forged, of another connection, or made under a key that is gone.
  case hashDiffers
  /// The time that it decodes to is none of those accepted now.
  case outOfDate
  /// The index that it decodes to stands in no table.
  case noSuchClass
  /// The timestamps name an option that this host has switched off.
  case optionSwitchedOff
  /// No cookie of its key waits for an answer.
  case nothingInFlight
}
