/// What a checksum field turned out to be.
public enum ChecksumVerdict: Hashable, Sendable {
  /// The sum over all is right.
  case good
  /// The field holds the pseudo header's sum alone: the card was to finish it after the capture.
  case partial
  /// The field is zero: never filled in, or UDP's word for none.
  case absent
  /// The bytes were changed on their way, or computed by a liar.
  case wrong(expected: UInt16, found: UInt16)
  /// Some of the bytes that were summed are not here: cut, in another fragment, or an address that
  /// a routing header will only put in place later.
  case uncheckable
}

extension ChecksumVerdict: CustomStringConvertible {
  /// One or a few words for a person.
  public var description: String {
    switch self {
    case .good: "good"
    case .partial: "left to the card"
    case .absent: "not filled in"
    case .wrong(let expected, let found):
      "wrong (0x\(String(found, radix: 16)) instead of 0x\(String(expected, radix: 16)))"
    case .uncheckable: "cannot be checked"
    }
  }
}
