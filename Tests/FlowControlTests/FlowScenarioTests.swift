import Determinism
import TestSupport
import Testing

@testable import FlowControl

@Suite("A simulated flow")
struct FlowScenarioTests {
  private static let timer = RetransmissionTimer.Law.adaptive(
    least: .milliseconds(200), most: .seconds(60))

  static let controls: [SendingControl] = [
    .tokenBucket(rate: 700_000, burst: 9_000, packetOctets: 1_000),
    .stopAndWait(timer: timer), .goBackN(window: 40, timer: timer, threshold: 3),
    .selectiveRepeat(window: 40, reach: 90, timer: timer, threshold: 3),
    .congestionWindow(window: 200, timer: timer, recovery: .reno),
    .congestionWindow(window: 200, timer: timer, recovery: .newReno),
  ]

  private func scenario(_ control: SendingControl) -> FlowScenario {
    var scenario = FlowScenario(control: control)
    scenario.duration = .seconds(8)
    scenario.path.queue = 20
    return scenario
  }

  @Test("gives the same report for the same seed, and another for another", arguments: controls)
  func repetition(control: SendingControl) {
    var bad = scenario(control)
    bad.path.forward.loss = 0.01
    bad.path.forward.reorder = 0.05
    #expect(bad.run() == bad.run())
    var other = bad
    other.seed = 2
    #expect(other.run() != bad.run())
  }

  @Test("loses no packet from its books", arguments: controls)
  func conservation(control: SendingControl) {
    for routers in 0...3 {
      var bad = scenario(control)
      bad.path.routers = routers
      bad.path.forward.loss = 0.05
      bad.path.forward.duplicate = 0.05
      bad.path.forward.corrupt = 0.05
      let report = bad.run()
      #expect(report.path.entered == report.sender.sent)
      let accounted =
        report.delivered + report.receiver.duplicates + report.receiver.notKept
        + report.path.lost - report.path.doubled
      // The rest is on its way, or waits in the receiver for one that is missing.
      let rest = report.sender.sent - accounted
      #expect((0...300).contains(rest), "\(rest) of \(report.sender.sent)")
      #expect(report.delivered > 50 && report.path.damaged > 0 && report.path.doubled > 0)
      #expect(report.queuePeak <= 20)
    }
  }

  @Test("drops what has passed more routers than its TTL allows")
  func timeToLive() {
    for (routers, timeToLive, arrives) in [
      (1, 1, false), (1, 2, true), (3, 3, false), (3, 4, true),
    ] {
      var far = scenario(.stopAndWait(timer: .fixed(.seconds(1))))
      far.path.routers = routers
      far.path.timeToLive = timeToLive
      let report = far.run()
      #expect((report.delivered > 0) == arrives && (report.path.outlived > 0) != arrives)
    }
  }

  @Test("takes each packet through every link and back")
  func delays() {
    var line = scenario(.stopAndWait(timer: .fixed(.seconds(1))))
    line.path.routers = 3
    let report = line.run()
    // 0.8 ms to be sent three times, and 20 ms three times.
    #expect(report.delay.median == .microseconds(62_400))
    #expect(report.delay.most == report.delay.median && report.delay.jitter == .zero)
    // One each 122.4 ms.
    #expect(report.delivered == 65)
  }

  @Test("lets a token bucket's burst through, and then its rate")
  func shaping() {
    var shaped = scenario(.tokenBucket(rate: 250_000, burst: 10_000, packetOctets: 1_000))
    shaped.path.queue = 5
    let report = shaped.run()
    #expect(report.path.turnedAway == 4, "of ten at once six find room")
    #expect(report.sender.sent == 2_009, "ten, and 250 a second; the last would leave at the end")
    #expect(report.queuePeak == 5)
  }

  @Test("of acknowledgments that are put off or go along sends fewer of them alone")
  func acknowledgments() {
    let control = SendingControl.selectiveRepeat(
      window: 20, reach: nil, timer: Self.timer, threshold: 3)
    let plain = scenario(control).run()
    var lazy = scenario(control)
    lazy.acknowledgments = .delayed(every: 2, most: .milliseconds(40))
    let delayed = lazy.run()
    let share =
      Double(delayed.receiver.acknowledgments) / Double(delayed.delivered)
    #expect(plain.receiver.acknowledgments == plain.delivered && (0.49...0.56).contains(share))
    lazy.acknowledgments = .delayed(every: .max, most: .milliseconds(40))
    lazy.reverseRate = 100
    let along = lazy.run()
    #expect(along.receiver.piggybacked > 300)
    #expect(along.receiver.piggybacked == along.receiver.acknowledgments)
    #expect(along.reversePackets == 799)
  }

  @Test("meets shorter queues under random early detection, and fair ones under random drop")
  func disciplines() {
    var full = scenario(.congestionWindow(window: 1_000, timer: Self.timer, recovery: .newReno))
    full.duration = .seconds(30)
    full.path.queue = 100
    let tail = full.run()
    full.path.discipline = .randomEarlyDetection(.scaled(to: 100))
    let early = full.run()
    #expect(early.queueMean < 0.7 * tail.queueMean, "\(early.queueMean), \(tail.queueMean)")
    #expect(early.goodput > 0.8 * tail.goodput && tail.queuePeak == 100)
    full.path.discipline = .randomDrop
    let random = full.run()
    #expect(random.path.turnedAway > 0 && random.queuePeak == 100)
  }

  @Test(
    "turns away nobody below random early detection's lower mark, and everybody above the upper")
  func earlyMarks() {
    var chance = SeededGenerator(seed: 1)
    let numbers = EarlyDetection(least: 5, most: 15, peak: 0.1, weight: 1)
    for (length, share) in [(3, 0.0), (4, 0), (10, 0.09), (14, 0.16), (15, 1), (30, 1)] {
      var queue = RouterQueue(capacity: 100, discipline: .randomEarlyDetection(numbers))
      for number in 0..<length {
        _ = queue.append(
          FlowPacket(number: number, octets: 1, timeToLive: 9), using: &chance)
      }
      let turnedAway = (0..<5_000).count { _ in
        !queue.admits(at: .zero, isIdle: false, service: Nanoseconds(1), using: &chance)
      }
      // Spread evenly, as the paper does: one of every 1/p + 1/2 packets at most.
      #expect(abs(Double(turnedAway) / 5_000 - share) < 0.04, "\(length): \(turnedAway)")
    }
  }

  @Test("turns away under random drop every one as often")
  func randomDrop() {
    var chance = SeededGenerator(seed: 2)
    var gone = [Int](repeating: 0, count: 5)
    for _ in 0..<10_000 {
      var queue = RouterQueue(capacity: 4, discipline: .randomDrop)
      for number in 0..<4 {
        _ = queue.append(FlowPacket(number: number, octets: 1, timeToLive: 9), using: &chance)
      }
      let victim = queue.append(FlowPacket(number: 4, octets: 1, timeToLive: 9), using: &chance)
      gone[victim?.number ?? 0] += 1
      var left: [Int] = []
      while let packet = queue.popFirst(at: .zero) { left.append(packet.number) }
      #expect(left == (0...4).filter { $0 != victim?.number })
    }
    #expect(gone.allSatisfy { (1_800...2_200).contains($0) }, "\(gone)")
  }
}
