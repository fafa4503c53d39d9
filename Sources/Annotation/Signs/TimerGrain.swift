import Determinism
import Handshake

/// What the odd milliseconds of the waits tell of the sender's timers.
///
/// A timer of Linux fires at the end of a slot of its wheel. A retransmission is sent at such an end
/// itself, so the next wait of no wider slots is a whole number of them: 1.024 s for 1 s at
/// `CONFIG_HZ` 250 or 1000, 1.040 s at 100, 1.013 s at 300.
enum TimerGrain: Hashable, Sendable {
  /// All waits that could show it were those of Linux's wheel.
  case wheel
  /// They were round to 6 ms.
  case round
  /// Neither, or there was none.
  case unclear

  /// What a wait may differ by: a tick of 4 ms and 2 ms of the path.
  private static let tolerance: Int64 = 6_000_000

  /// Reads the waits from 1 to 2 s after a retransmission, which lie in slots of one width for 1 s
  /// and 2 s alike at each `CONFIG_HZ` but 300.
  init(gaps: [Nanoseconds], schedule: RetransmissionSchedule, from first: Int) {
    let told = gaps.indices.filter {
      $0 + first > 0 && schedule.timeout(after: $0 + first) <= .seconds(2)
        && schedule.initialTimeout == .seconds(1)
    }
    let isRound = told.allSatisfy {
      Self.isClose(gaps[$0], to: schedule.timeout(after: $0 + first))
    }
    let isWheel = [250, 1_000, 100, 300].contains { hertz in
      told.allSatisfy {
        Self.isClose(
          gaps[$0],
          to: TimerWheel(hertz: hertz).firing(
            armedAt: .zero, after: schedule.timeout(after: $0 + first)) - .zero)
      }
    }
    self =
      switch (told.isEmpty, isRound, isWheel) {
      case (true, _, _), (false, false, false), (false, true, true): .unclear
      case (false, true, false): .round
      case (false, false, true): .wheel
      }
  }

  private static func isClose(_ gap: Nanoseconds, to expected: Nanoseconds) -> Bool {
    (gap - expected).count.magnitude <= tolerance
  }
}
