import Determinism
public import LinuxPacketIO

/// When this kernel's timers fire: the beginning of the slots that its timer wheel sorts them into.
///
/// A flooded pool frees its entries in bursts whose pattern depends on where in a slot the flood
/// began. A run that begins where the model's does can be compared entry by entry.
public struct KernelTimerWheel: Sendable {
  /// Ticks a second, `CONFIG_HZ`.
  public let hertz: Int64
  /// An instant at which a slot of 64 ticks began, on the machine's monotonic clock.
  private let origin: Instant

  private static let wakeUps = 20

  /// Finds out by waiting for two seconds: a wait longer than 504 ticks ends with a slot of 64.
  ///
  /// - Throws: ``SystemCallError`` when no descriptor is left.
  public static func measured() throws(SystemCallError) -> Self {
    let hertz = CoarseClock.ticksPerSecond
    let tick = 1_000_000_000 / hertz
    // 504 ticks and a few more, for the wait is rounded.
    let slot = try TimerWheelProbe.wakeUp(after: Nanoseconds(tick * 512))
    // Whoever is woken is so some time after the tick; the quickest of many tells when it was.
    var behind = slot.behind
    for _ in 0..<Self.wakeUps {
      behind = min(behind, try TimerWheelProbe.wakeUp(after: Nanoseconds(tick)).behind)
    }
    return Self(hertz: hertz, origin: slot.coarse + behind)
  }

  /// The next instant at which `phase` ticks of a slot of 64 have passed.
  func instant(ofPhase phase: Int64, notBefore least: Instant) -> Instant {
    let tick = 1_000_000_000 / hertz
    let slot = 64 * tick
    let wanted = origin.nanoseconds + (phase % 64) * tick
    let slots = (least.nanoseconds - wanted + slot - 1) / slot
    return Instant(nanoseconds: wanted + max(0, slots) * slot)
  }
}
