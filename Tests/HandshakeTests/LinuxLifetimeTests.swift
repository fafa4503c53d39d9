import Determinism
import Handshake
import SynCookies
import Testing

/// Held against Linux 6.18, HZ 250: one entry in an empty pool, begun at any tick.
@Suite("An unanswered entry of the Linux profile, beside the kernel")
struct LinuxLifetimeTests {
  /// Least, mean and most of 200 lives, sampled to 0.04 s, for 0 to 5 retries.
  static let lives: [(least: Double, mean: Double, most: Double)] = [
    (1.00, 1.02, 1.04), (3.00, 3.03, 3.08), (7.04, 7.17, 7.32), (15.24, 15.37, 15.52),
    (31.36, 31.50, 31.64), (63.64, 64.65, 65.64),
  ]
  /// Mean times of the SYN-ACKs sent again.
  static let copies = [1.02, 3.04, 7.17, 15.37, 31.49]

  @Test("lives as long, and is answered again when, it was on the kernel", arguments: 0...5)
  func life(retries: Int) {
    var ends: [Double] = []
    var times = Array(repeating: 0.0, count: retries)
    let runs = 256
    for run in 0..<runs {
      // Any tick of the widest slots, and any moment of a tick.
      let start = Instant(nanoseconds: Int64(run) * 1_234_567)
      var listener = Fixtures.listener(.linux) {
        $0.synAckRetries = retries
        $0.timerPhase = Int64(run * 2)
      }
      _ = listener.answer(Fixtures.syn(from: Fixtures.client(0)), at: start)
      var copy = 0
      while let due = listener.nextDeadline {
        let sent = listener.wait(until: due)
        let seconds = (due - start).seconds
        if sent.isEmpty {
          ends.append(seconds)
        } else {
          times[copy] += seconds / Double(runs)
          copy += 1
        }
      }
      #expect(copy == retries)
      let named = Dictionary(
        uniqueKeysWithValues: listener.counters.named.map { ($0.name, $0.count) })
      #expect(named["TcpExtTCPTimeouts"] == retries + 1)
      #expect(named["TcpExtTCPSynRetrans"] == retries && named["TcpRetransSegs"] == retries)
    }
    let measured = Self.lives[retries]
    #expect(ends.allSatisfy { $0 >= measured.least - 0.04 && $0 <= measured.most + 0.04 })
    let mean = ends.reduce(0, +) / Double(runs)
    #expect(abs(mean - measured.mean) <= max(0.02, 0.002 * measured.mean))
    for (time, kernel) in zip(times, Self.copies) { #expect(abs(time - kernel) <= 0.02) }
  }
}
