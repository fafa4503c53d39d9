import Determinism
import Handshake
import SynCookies
import Wire

/// A flood of spoofed SYNs at a steady pace against the Linux profile, looked at as a kernel was.
struct LinuxFlood {
  let rate: Int64
  var listener: Listener
  private(set) var now = Instant.zero
  private var sent = 0
  private var nextSyn = Instant.zero
  private var jitter: SeededGenerator

  /// Creates a flood that has not begun.
  ///
  /// - Parameters:
  ///   - rate: SYNs a second.
  ///   - backlog: What `listen` was told.
  ///   - retries: `tcp_synack_retries`.
  ///   - phase: Where the flood begins among the ticks.
  ///   - change: Other settings.
  init(
    rate: Int64, backlog: Int, retries: Int = 5, phase: Int64 = 0,
    _ change: (inout ListenerSettings) -> Void = { $0.syncookies = .never }
  ) {
    self.rate = rate
    jitter = SeededGenerator(seed: UInt64(phase))
    listener = Fixtures.listener(.linux, backlog: backlog) {
      $0.synAckRetries = retries
      $0.timerPhase = phase
      change(&$0)
    }
    nextSyn = due(0)
  }

  /// A sender's clock is steady, but never so steady that it stays in step with the kernel's ticks.
  private mutating func due(_ number: Int) -> Instant {
    let gap = 1_000_000_000 / rate
    return Instant(
      nanoseconds: Int64(number) * 1_000_000_000 / rate
        + Int64(jitter.number(below: UInt64(gap))))
  }

  /// Floods up to `end`, showing `look` the listener ten times a second.
  mutating func run(until end: Instant, look: (Instant, Listener) -> Void = { _, _ in }) {
    while now < end {
      let next = min(now + .milliseconds(100), end)
      while nextSyn <= next {
        _ = listener.wait(until: nextSyn)
        _ = listener.answer(Fixtures.syn(from: Fixtures.client(sent)), at: nextSyn)
        sent += 1
        nextSyn = due(sent)
      }
      now = next
      _ = listener.wait(until: now)
      look(now, listener)
    }
  }

  /// The SYNs that took a slot so far, those of strangers included.
  var admitted: Int { listener.counters.entriesAdmitted }

  /// Whether a stranger's SYN now gets an answer; if so, the stranger completes its handshake.
  mutating func admitsStranger(_ number: Int) -> Bool {
    let stranger = Endpoint(
      .v4(IPv4Address(rawValue: 0xC000_0200 + UInt32(number / 60_000))),
      port: UInt16(1_024 + number % 60_000))
    let (verdict, sent) = listener.answer(Fixtures.syn(from: stranger), at: now)
    guard verdict != .dropped(.poolFull), let synAck = sent.first else { return false }
    _ = listener.answer(Fixtures.acknowledgment(of: synAck), at: now)
    _ = listener.accept()
    return true
  }
}
