/// The six low bits of a TSval in which Linux hides what its cookie has no room for
/// (`cookie_init_timestamp` and `cookie_timestamp_decode` in net/ipv4/syncookies.c).
///
/// Nothing authenticates them: a peer that changes its echo changes what is recovered.
public struct LinuxTimestampBits: Hashable, Sendable {
  /// The window scale, from 0 to 14; nil for none.
  public var windowScale: UInt8?
  /// Selective acknowledgments.
  public var sack: Bool
  /// Explicit congestion notification.
  public var ecn: Bool

  /// How many of the low bits of a TSval are taken.
  public static let width: UInt32 = 6

  /// Creates the set of options; a scale above 14 counts as 14 (RFC 7323 §2.3).
  public init(windowScale: UInt8?, sack: Bool, ecn: Bool) {
    self.windowScale = windowScale.map { min($0, 14) }
    self.sack = sack
    self.ecn = ecn
  }

  /// Reads the options out of an echoed TSval: the scale in bits 0 to 3, 15 for none, SACK in
  /// bit 4, ECN in bit 5.
  public init(echoed: UInt32) {
    let scale = UInt8(truncatingIfNeeded: echoed & 0xF)
    windowScale = scale == 0xF ? nil : scale
    sack = echoed & 0x10 != 0
    ecn = echoed & 0x20 != 0
  }

  /// The six bits.
  public var bits: UInt32 {
    UInt32(windowScale ?? 0xF) | (sack ? 0x10 : 0) | (ecn ? 0x20 : 0)
  }

  /// Works out the TSval that carries these bits.
  ///
  /// - Parameter milliseconds: The clock, before the connection's own offset is added.
  /// - Returns: The largest number that ends in these bits and does not run ahead of the clock.
  public func timestampValue(notAfter milliseconds: UInt64) -> UInt32 {
    let step: UInt64 = 1 << UInt64(Self.width)
    let value = milliseconds & ~(step - 1) | UInt64(bits)
    return UInt32(truncatingIfNeeded: value > milliseconds ? value &- step : value)
  }
}
