import CLinuxPacketIO
public import Determinism
import Glibc

/// A clock that never goes back: instants count from the first time the process looked at it.
public enum MonotonicClock {
  private static let start = reading(CLOCK_MONOTONIC)

  /// The time now, since the machine started: the same for all processes.
  public static var sinceBoot: Instant { Instant(nanoseconds: reading(CLOCK_MONOTONIC)) }

  /// The time now, since the process first asked.
  public static var now: Instant {
    let start = start
    return Instant(nanoseconds: reading(CLOCK_MONOTONIC) - start)
  }
}

/// The machine's idea of the date, which may be set back; for time stamps, never for waiting.
public enum WallClock {
  /// The time now, since the beginning of 1970 in Coordinated Universal Time.
  public static var now: Instant { Instant(nanoseconds: reading(CLOCK_REALTIME)) }

  /// How far it is ahead of ``MonotonicClock/sinceBoot``.
  ///
  /// Both are read several times, for whoever is interrupted between the two is wrong by that long;
  /// the readings that took least time count.
  public static var aheadOfMonotonicClock: Nanoseconds {
    let readings = (0..<5).map { _ in
      let before = reading(CLOCK_MONOTONIC)
      let wall = reading(CLOCK_REALTIME)
      let took = reading(CLOCK_MONOTONIC) - before
      return (took: took, ahead: wall - before - took / 2)
    }
    return Nanoseconds(readings.min { $0.took < $1.took }?.ahead ?? 0)
  }
}

/// The time used by a process, for measuring what work costs.
public enum ProcessorClock {
  /// The processor time of all threads of this process together, since it started.
  public static var now: Instant { Instant(nanoseconds: reading(CLOCK_PROCESS_CPUTIME_ID)) }
}

/// Reads one of the kernel's clocks, which cannot fail for the three above, in nanoseconds.
private func reading(_ clock: clockid_t) -> Int64 {
  var time = timespec()
  _ = unsafe clock_gettime(clock, &time)
  return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}
