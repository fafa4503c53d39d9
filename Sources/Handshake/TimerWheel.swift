public import Determinism

/// When Linux's timers really fire: late, by up to an eighth of what was asked for.
///
/// A timer falls into a wheel whose slots are the wider the further they are away, and fires at the
/// end of its slot (kernel/time/timer.c). Timers armed within one slot so fire together, which is
/// how a flooded pool comes to free its entries in bursts; and they fire in the opposite order to
/// that in which they were armed, for a timer is put at the head of its slot's list.
public struct TimerWheel: Hashable, Sendable {
  /// Ticks a second, `CONFIG_HZ`.
  public var hertz: Int64
  /// The tick that the origin of time falls on, which decides where slots begin.
  public var ticksAtOrigin: Int64

  /// Creates a wheel.
  ///
  /// - Parameters:
  ///   - hertz: `CONFIG_HZ`: 100, 250, 300 or 1000.
  ///   - ticksAtOrigin: From 0 up.
  public init(hertz: Int64 = 250, ticksAtOrigin: Int64 = 0) {
    self.hertz = hertz
    self.ticksAtOrigin = ticksAtOrigin
  }

  private static let second: Int64 = 1_000_000_000

  /// When a timer fires that is armed at `now` for `timeout`.
  public func firing(armedAt now: Instant, after timeout: Nanoseconds) -> Instant {
    let due =
      Self.ticks(now.nanoseconds, hertz: hertz) + ticksAtOrigin
      + Self.ticks(timeout.count, hertz: hertz)
    let shift = slotShift(of: timeout)
    let fires = ((due >> shift) + 1) << shift
    return Self.instant(ofTick: fires - ticksAtOrigin, hertz: hertz)
  }

  /// The binary logarithm of the width, in ticks, of the slots that a timer of this length falls
  /// into: 0 for less than 63 ticks, and 3 more for every eight times as many.
  ///
  /// Where slots of several widths end at once, the timers in the widest fire first.
  func slotShift(of timeout: Nanoseconds) -> Int64 {
    let ticks = Self.ticks(timeout.count, hertz: hertz)
    var shift: Int64 = 0
    while shift < 24, ticks >= 63 << shift { shift += 3 }
    return shift
  }

  private static func instant(ofTick tick: Int64, hertz: Int64) -> Instant {
    // Rounded up, so that the tick has surely begun then.
    let rest = (tick % hertz * second + hertz - 1) / hertz
    return .zero + .seconds(tick / hertz) + Nanoseconds(rest)
  }

  /// Whole ticks in a length, rounded down, without overflow.
  private static func ticks(_ nanoseconds: Int64, hertz: Int64) -> Int64 {
    nanoseconds / second * hertz + nanoseconds % second * hertz / second
  }
}
