/// What the server sends: the seconds since 1970 in decimal, then CR and LF.
public enum StampAnswer {
  /// The longest answer, in octets: 19 digits, CR and LF.
  public static let octetLimit = 21

  /// The octets that say `seconds`; a clock before 1970 says 0.
  public static func octets(seconds: Int64) -> [UInt8] {
    Array(String(max(seconds, 0)).utf8) + [0x0D, 0x0A]
  }

  /// Reads a whole answer, to the octet; nil when it is anything but 1 to 19 digits, CR and LF, or
  /// exceeds 2⁶³ − 1.
  public static func seconds(in octets: [UInt8]) -> Int64? {
    guard (3...octetLimit).contains(octets.count), octets.suffix(2) == [0x0D, 0x0A] else {
      return nil
    }
    let digits = octets.dropLast(2)
    guard digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int64(String(decoding: digits, as: UTF8.self))
  }
}
