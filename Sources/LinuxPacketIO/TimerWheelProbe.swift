import CLinuxPacketIO
import CPcap
public import Determinism
import Glibc

/// The clock that goes on with the kernel's ticks.
public enum CoarseClock {
  /// How often a second it goes on: `CONFIG_HZ`.
  public static var ticksPerSecond: Int64 {
    var step = timespec()
    _ = unsafe clock_getres(CLOCK_MONOTONIC_COARSE, &step)
    return step.tv_nsec > 0 ? 1_000_000_000 / Int64(step.tv_nsec) : 250
  }

  /// Where the clock stands: at the latest tick, or as long before it on the machine's monotonic clock
  /// as at every other tick since the machine started, less than a tick.
  static var now: Instant {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_MONOTONIC_COARSE, &time)
    return Instant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
  }
}

/// A wait on the kernel's timer wheel, as TCP's own timers are.
public enum TimerWheelProbe {
  /// Waits for a message that never comes (SO_RCVTIMEO of socket(7)), which is timed by the wheel; a
  /// sleep or a poll would be timed to the nanosecond.
  ///
  /// - Returns: Where the coarse clock stood when the wait had ended, and how far behind it was.
  /// - Throws: ``SystemCallError`` when no descriptor is left.
  public static func wakeUp(
    after length: Nanoseconds
  ) throws(SystemCallError) -> (coarse: Instant, behind: Nanoseconds) {
    let channel = try OwnedDescriptor("socket") {
      socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    }
    var limit = timeval(
      tv_sec: Int(length.count / 1_000_000_000),
      tv_usec: Int(length.count % 1_000_000_000 / 1_000))
    let size = socklen_t(MemoryLayout<timeval>.size)
    guard unsafe setsockopt(channel.number, SOL_SOCKET, SO_RCVTIMEO, &limit, size) == 0 else {
      throw .last("SO_RCVTIMEO")
    }
    var octet: UInt8 = 0
    while unsafe recv(channel.number, &octet, 1, 0) >= 0 || errno == EINTR {}
    let coarse = CoarseClock.now
    return (coarse, MonotonicClock.sinceBoot - coarse)
  }
}
