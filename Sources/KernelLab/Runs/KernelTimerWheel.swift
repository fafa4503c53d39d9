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
  private static let shortSlots = 5

  /// Finds out by waiting for some three seconds: a wait longer than 504 ticks ends with a slot of 64,
  /// one longer than 63 with a slot of 8.
  ///
  /// Any of them may be a tick late, as any timer, and whoever is woken is so some time after the
  /// tick. So the earliest of several short slots tells on which tick slots end, and the quickest of
  /// many wake-ups when that tick is.
  ///
  /// - Throws: ``SystemCallError`` when no descriptor is left.
  public static func measured() throws(SystemCallError) -> Self {
    let hertz = CoarseClock.ticksPerSecond
    let tick = 1_000_000_000 / hertz
    Punctuality.begin()
    defer { Punctuality.end() }
    // Some ticks more than those, for a wait is rounded.
    let slot = try TimerWheelProbe.wakeUp(after: Nanoseconds(tick * 512))
    var behind = slot.behind
    var late: Int64 = 0
    for _ in 0..<shortSlots {
      let short = try TimerWheelProbe.wakeUp(after: Nanoseconds(tick * 68))
      behind = min(behind, short.behind)
      late = max(late, ticksLate(slot.coarse, against: short.coarse, tick))
    }
    for _ in 0..<wakeUps {
      behind = min(behind, try TimerWheelProbe.wakeUp(after: Nanoseconds(tick)).behind)
    }
    return Self(hertz: hertz, origin: slot.coarse - Nanoseconds(late * tick) + behind)
  }

  /// By how many ticks `end` is later among the eight of a short slot than `other` is: from -4 to 3.
  private static func ticksLate(
    _ end: Instant, against other: Instant, _ tick: Int64
  ) -> Int64 {
    let apart = Double((other - end).count) / Double(tick)
    let ticks = Int64(apart.rounded()) & 7
    return ticks > 4 ? 8 - ticks : -ticks
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
