/// A stamp: the Unix time that the bundled server sends as decimal digits and CRLF.
public struct StampReading: Hashable, Sendable {
  /// Seconds since 1970 UTC.
  public var seconds: Int64

  /// The most octets a stamp has: 19 digits and CRLF.
  public static let longest = 21

  /// Reads a stamp; nil when the data is anything but 1 to 19 digits, CR and LF.
  ///
  /// - Parameters:
  ///   - bytes: A frame.
  ///   - data: Where the captured part of a segment's data lies in it.
  ///   - length: The octets that the data has in all.
  public init?(in bytes: Span<UInt8>, at data: Range<Int>, length: Int) {
    guard (3...Self.longest).contains(length), data.count == length,
      data.upperBound <= bytes.count, bytes[data.upperBound - 2] == 0x0D,
      bytes[data.upperBound - 1] == 0x0A
    else { return nil }
    var seconds: Int64 = 0
    for index in data.dropLast(2) {
      guard (0x30...0x39).contains(bytes[index]) else { return nil }
      let (tens, isTooLarge) = seconds.multipliedReportingOverflow(by: 10)
      let (sum, isOverflow) = tens.addingReportingOverflow(Int64(bytes[index] - 0x30))
      guard !isTooLarge, !isOverflow else { return nil }
      seconds = sum
    }
    self.seconds = seconds
  }

  /// The UTC date and time that it means.
  public var date: CivilTime { CivilTime(secondsSince1970: seconds) }
}

/// A date and time of the Gregorian calendar in UTC, without leap seconds.
public struct CivilTime: Hashable, Sendable {
  /// The year, astronomically counted.
  public var year: Int64
  /// The month, from 1 to 12.
  public var month: Int64
  /// The day, from 1 to 31.
  public var day: Int64
  /// Seconds since midnight, from 0 to 86 399.
  public var secondOfDay: Int64

  /// Works out the date `seconds` after the beginning of 1970.
  ///
  /// By eras of 400 years that begin in March, so that the leap day is the last of its year.
  public init(secondsSince1970 seconds: Int64) {
    let day = seconds.floorDivided(by: 86_400)
    secondOfDay = seconds - day * 86_400
    let shifted = day + 719_468  // days from March of the year 0 to 1970
    let era = shifted.floorDivided(by: 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    self.day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }
}

extension CivilTime: CustomStringConvertible {
  /// `2026-11-22 18:00:00 UTC`.
  public var description: String {
    let clock = [secondOfDay / 3_600, secondOfDay / 60 % 60, secondOfDay % 60]
    return "\(padded(year, to: 4))-\(padded(month, to: 2))-\(padded(day, to: 2)) "
      + clock.map { padded($0, to: 2) }.joined(separator: ":") + " UTC"
  }
}

extension Int64 {
  /// The quotient rounded down, for a positive divisor.
  fileprivate func floorDivided(by divisor: Int64) -> Int64 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}

/// `number` with zeros before it up to `width` digits.
func padded(_ number: Int64, to width: Int) -> String {
  let digits = String(number.magnitude)
  return (number < 0 ? "-" : "")
    + String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}
