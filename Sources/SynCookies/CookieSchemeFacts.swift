public import Determinism

/// What distinguishes a scheme: what it writes where, what it remembers, how long it lives and what
/// it must be given.
public struct CookieSchemeFacts: Sendable {
  /// The scheme.
  public let name: CookieSchemeName
  /// Who uses it, in a few words.
  public let summary: String
  /// The fields, first bit first; their widths come to 32.
  public let fields: [CookieField]
  /// How the fields become the number on the wire.
  public let composition: String
  /// The length of a step of its clock.
  public let period: Nanoseconds
  /// How many steps are accepted.
  public let ages: Int
  /// How many different cookies it accepts for one connection in one step.
  public let classes: Int
  /// What the cookie remembers of a SYN.
  public let remembered: [String]
  /// What the SYN-ACK's timestamp remembers besides, of a peer that sends timestamps.
  public let inTimestamp: [String]
  /// Whether a cookie is good for one initial sequence number of the peer only.
  public let bindsInitialSequence: Bool
  /// What it must be told besides the connection and the SYN.
  public let inputs: [CookieInput]

  /// How many of the 2³² acknowledgment numbers are acceptable for one connection at one time.
  public var acceptable: Int { ages * classes }

  /// The shortest and the longest life of a cookie, as it was made at the end or at the beginning
  /// of a step.
  public var lifetime: (least: Nanoseconds, most: Nanoseconds) {
    (period * Int64(ages - 1), period * Int64(ages))
  }
}

/// A run of bits in a cookie.
public struct CookieField: Hashable, Sendable {
  /// What it is called.
  public let name: String
  /// How many bits it has.
  public let width: Int
  /// What it says.
  public let meaning: String
  /// Whether it can be read without a key.
  public let isReadable: Bool

  /// Creates a field.
  public init(_ name: String, width: Int, _ meaning: String, isReadable: Bool = false) {
    self.name = name
    self.width = width
    self.meaning = meaning
    self.isReadable = isReadable
  }
}

/// What a scheme must be told besides the connection and the SYN.
public enum CookieInput: String, Hashable, Sendable, CaseIterable {
  /// A SipHash key.
  case key
  /// A salt, a key that changes or is called so.
  case salt
  /// 64 octets of secret.
  case nonce
  /// The number of a bucket.
  case secmod
  /// How often the clock has stepped.
  case count
  /// How often a key was drawn.
  case epoch
  /// The stack's own largest segment.
  case largestSize
  /// The listener's own window scale.
  case ownWindowScale
  /// The time behind the timestamps.
  case time
}
