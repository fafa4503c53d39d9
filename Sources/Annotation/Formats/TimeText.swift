public import Determinism

extension Nanoseconds {
  /// The length in its largest unit below it, three decimals rounded down: `1.005 s`, `10.000 ms`.
  public var inWords: String {
    let magnitude = count.magnitude
    let sign = count < 0 ? "-" : ""
    switch magnitude {
    case 1_000_000_000...: return sign + thousandths(magnitude / 1_000_000) + " s"
    case 1_000_000...: return sign + thousandths(magnitude / 1_000) + " ms"
    case 1_000...: return sign + thousandths(magnitude) + " us"
    default: return "\(count) ns"
    }
  }

  /// Seconds with nine decimals, as tshark prints a length of time.
  public var inSeconds: String {
    let magnitude = count.magnitude
    return (count < 0 ? "-" : "") + String(magnitude / 1_000_000_000) + "."
      + padded(Int64(magnitude % 1_000_000_000), to: 9)
  }
}

extension Instant {
  /// The date and time in UTC with nine decimals of a second.
  var dateText: String {
    let (quotient, remainder) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    let seconds = remainder < 0 ? quotient - 1 : quotient
    let fraction = remainder < 0 ? remainder + 1_000_000_000 : remainder
    return CivilTime(secondsSince1970: seconds).description.dropLast(4)
      + "." + padded(fraction, to: 9) + " UTC"
  }
}

private func thousandths(_ number: UInt64) -> String {
  String(number / 1_000) + "." + padded(Int64(number % 1_000), to: 3)
}
