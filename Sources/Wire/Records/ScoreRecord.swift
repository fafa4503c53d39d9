/// A name and two scores: what one datagram of `halfopen datagram` carries.
///
/// The two forms are C structs without padding, so that a program in C can send and receive them
/// with one copy and two calls of `htonl` or `ntohl`.
public struct ScoreRecord: Hashable, Sendable {
  /// Whose scores these are.
  public var name: String
  /// The score in mathematics.
  public var math: Int32
  /// The score in Chinese.
  public var chinese: Int32

  /// Creates a record; only a form decides whether its name fits.
  public init(name: String, math: Int32, chinese: Int32) {
    self.name = name
    self.math = math
    self.chinese = chinese
  }

  /// The forms that a record has on the wire.
  public enum Form: String, Hashable, Sendable, CaseIterable {
    /// The name in 13 octets, then the scores: always 21 octets.
    case fixed
    /// The scores, then the name up to the end of the datagram: 8 to 504 octets.
    case variable

    /// The longest name, in octets of UTF-8: the fixed field ends in a NUL, the variable one holds
    /// what 512 octets leave beside a UDP header and the scores.
    public var nameLimit: Int {
      switch self {
      case .fixed: 12
      case .variable: 512 - 8 - 8
      }
    }

    /// The lengths that a datagram of this form can have, in octets.
    public var octets: ClosedRange<Int> {
      switch self {
      case .fixed: 21...21
      case .variable: 8...8 + nameLimit
      }
    }
  }
}
