public import Determinism

/// How much time one step of an interface's timestamps is; option if_tsresol of pcapng
/// (draft-ietf-opsawg-pcapng §4.2).
public struct TimestampResolution: RawRepresentable, Hashable, Sendable {
  /// The option's octet: with the high bit a negative power of two, else of ten, of a second.
  public let rawValue: UInt8

  /// Creates the resolution that this octet of if_tsresol names.
  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// 10⁻⁶ s: the one that holds where a file names none.
  public static let microseconds = Self(rawValue: 6)
  /// 10⁻⁹ s: the one that this program writes.
  public static let nanoseconds = Self(rawValue: 9)

  /// Turns a timestamp into time since 1970, rounded down to a nanosecond.
  ///
  /// What lies beyond the range of ``Determinism/Instant`` stops at its end.
  ///
  /// - Parameters:
  ///   - steps: The timestamp as it stands in the file.
  ///   - offset: The interface's if_tsoffset, in seconds.
  /// - Returns: The time since 1970 UTC.
  public func instant(of steps: UInt64, offset: Int64 = 0) -> Instant {
    let exponent = Int(rawValue & 0x7F)
    let nanoseconds =
      rawValue & 0x80 != 0
      ? Self.nanoseconds(steps, overPowerOfTwo: exponent)
      : Self.nanoseconds(steps, overPowerOfTen: exponent)
    return Instant(nanoseconds: Int64(clamping: nanoseconds)) + Nanoseconds.seconds(offset)
  }

  private static func nanoseconds(_ steps: UInt64, overPowerOfTwo exponent: Int) -> UInt64 {
    let (high, low) = steps.multipliedFullWidth(by: 1_000_000_000)
    guard exponent < 64 else { return high >> UInt64(exponent - 64) }
    guard exponent > 0 else { return high > 0 ? .max : low }
    return high >> UInt64(exponent) > 0
      ? .max : high << UInt64(64 - exponent) | low >> UInt64(exponent)
  }

  private static func nanoseconds(_ steps: UInt64, overPowerOfTen exponent: Int) -> UInt64 {
    let factor = powerOfTen(abs(exponent - 9))
    guard exponent <= 9 else { return factor == .max ? 0 : steps / factor }
    let (product, overflow) = steps.multipliedReportingOverflow(by: factor)
    return overflow ? .max : product
  }

  private static func powerOfTen(_ exponent: Int) -> UInt64 {
    var power: UInt64 = 1
    for _ in 0..<exponent {
      let (product, overflow) = power.multipliedReportingOverflow(by: 10)
      guard !overflow else { return .max }
      power = product
    }
    return power
  }
}
