import Determinism
import TestSupport
import Testing

@testable import FlowControl

@Suite("A sender")
struct SenderTests {
  private let timer = RetransmissionTimer.Law.fixed(.milliseconds(100))

  private func at(_ milliseconds: Int64) -> Instant { .zero + .milliseconds(milliseconds) }

  /// As if each packet came in its first transmission, which had its number for a place.
  private func acknowledgment(
    _ next: Int, _ latest: Int? = nil, serial: Int? = nil
  ) -> Acknowledgment {
    let latest = latest ?? next - 1
    return Acknowledgment(next: next, latest: latest, serial: serial ?? latest + 1)
  }

  /// The numbers that leave at once.
  private func burst(_ sender: inout some FlowSender, at milliseconds: Int64) -> [Int] {
    var numbers: [Int] = []
    while let packet = sender.nextPacket(at: at(milliseconds)) { numbers.append(packet.number) }
    return numbers
  }

  @Test("that stops and waits sends one packet, and again at its time-out, and knows old answers")
  func stopAndWait() {
    var sender = StopAndWait(timer: timer)
    #expect(burst(&sender, at: 0).isEmpty)
    sender.offer(2)
    #expect(burst(&sender, at: 0) == [0])
    #expect(sender.nextDeadline == at(100))
    sender.advance(to: at(99))
    #expect(burst(&sender, at: 99).isEmpty)
    sender.advance(to: at(100))
    #expect(burst(&sender, at: 100) == [0])
    #expect(sender.counters.timeouts == 1 && sender.counters.repeated == 1)
    sender.receive(acknowledgment(1), at: at(150))
    #expect(burst(&sender, at: 150) == [1])
    // The answer to the second copy of packet 0.
    sender.receive(acknowledgment(1), at: at(160))
    #expect(burst(&sender, at: 160).isEmpty && sender.acknowledged == 1)
    sender.receive(acknowledgment(7), at: at(160))
    #expect(sender.acknowledged == 1)
    sender.receive(acknowledgment(2), at: at(170))
    #expect(sender.acknowledged == 2 && sender.nextDeadline == nil)
  }

  @Test("that goes back sends everything again from the lost packet on")
  func goBackN() {
    var sender = GoBackN(window: 4, timer: timer, threshold: nil)
    sender.offer(10)
    #expect(burst(&sender, at: 0) == [0, 1, 2, 3])
    sender.receive(acknowledgment(1), at: at(40))
    #expect(burst(&sender, at: 40) == [4])
    for _ in 0..<5 { sender.receive(acknowledgment(1), at: at(50)) }
    #expect(burst(&sender, at: 50).isEmpty && sender.nextDeadline == at(100))
    sender.advance(to: at(100))
    #expect(burst(&sender, at: 100) == [1, 2, 3, 4] && sender.counters.repeated == 4)
    // What was sent before going back may still have arrived.
    sender.receive(acknowledgment(5), at: at(110))
    #expect(sender.acknowledged == 5 && burst(&sender, at: 110) == [5, 6, 7, 8])
    sender.receive(acknowledgment(10), at: at(120))
    #expect(sender.acknowledged == 5, "nine has never been sent")
  }

  @Test("that goes back can do so at the third acknowledgment that repeats the last")
  func goBackEarly() {
    var sender = GoBackN(window: 8, timer: timer, threshold: 3)
    sender.offer(8)
    #expect(burst(&sender, at: 0) == Array(0...7))
    sender.receive(acknowledgment(2), at: at(1))
    for _ in 0..<2 { sender.receive(acknowledgment(2), at: at(2)) }
    #expect(burst(&sender, at: 2).isEmpty)
    for _ in 0..<3 { sender.receive(acknowledgment(2), at: at(3)) }
    #expect(burst(&sender, at: 3) == Array(2...7) && sender.counters.earlyDetections == 1)
  }

  @Test("that repeats selectively sends again what is lost, and nothing else")
  func selectiveRepeat() {
    var sender = SelectiveRepeat(window: 4, timer: timer)
    sender.offer(20)
    #expect(burst(&sender, at: 0) == [0, 1, 2, 3])
    for latest in [1, 2, 3] { sender.receive(acknowledgment(0, latest), at: at(40)) }
    #expect(burst(&sender, at: 40).isEmpty, "packet 0 holds the window of numbers up")
    #expect(sender.nextDeadline == at(100))
    sender.advance(to: at(100))
    #expect(burst(&sender, at: 100) == [0] && sender.counters.timeouts == 1)
    sender.receive(acknowledgment(4, 0), at: at(140))
    #expect(burst(&sender, at: 140) == [4, 5, 6, 7] && sender.acknowledged == 4)
    sender.receive(acknowledgment(9), at: at(150))
    #expect(sender.acknowledged == 4, "eight has never been sent")
  }

  @Test("that repeats selectively and has reach goes on past a lost packet")
  func reach() {
    var sender = SelectiveRepeat(window: 4, reach: 6, timer: timer)
    sender.offer(20)
    #expect(burst(&sender, at: 0) == [0, 1, 2, 3])
    for latest in [1, 2, 3] { sender.receive(acknowledgment(0, latest), at: at(40)) }
    #expect(burst(&sender, at: 40) == [4, 5])
  }

  @Test("that repeats selectively learns of losses in the order of leaving, twice if need be")
  func earlyDetection() {
    var sender = SelectiveRepeat(window: 8, reach: 64, timer: timer, threshold: 3)
    sender.offer(100)
    #expect(burst(&sender, at: 0) == Array(0...7))
    for latest in 1...2 { sender.receive(acknowledgment(0, latest), at: at(20)) }
    #expect(burst(&sender, at: 20) == [8, 9])
    sender.receive(acknowledgment(0, 3), at: at(21))
    #expect(burst(&sender, at: 21) == [0, 10], "three that left later have arrived")
    #expect(sender.counters.earlyDetections == 1)
    // The repeated copy left before 10, 11, 12 and 13.
    for latest in 4...9 { sender.receive(acknowledgment(0, latest), at: at(22)) }
    #expect(burst(&sender, at: 22) == Array(11...16))
    for latest in 10...11 {
      sender.receive(acknowledgment(0, latest, serial: latest + 2), at: at(40))
    }
    #expect(burst(&sender, at: 40) == [17, 18])
    sender.receive(acknowledgment(0, 12, serial: 14), at: at(41))
    #expect(burst(&sender, at: 41) == [0, 19] && sender.counters.earlyDetections == 2)
    sender.receive(acknowledgment(13, 0), at: at(60))
    #expect(sender.acknowledged == 13)
  }

  @Test("of TCP's kind starts slowly, halves its window at three duplicates, and grows by one")
  func reno() {
    var sender = CongestionWindow(receiverWindow: 100, timer: timer, recovery: .reno)
    sender.offer(.max)
    #expect(burst(&sender, at: 0) == Array(0...9))
    for next in 1...10 { sender.receive(acknowledgment(next), at: at(40)) }
    #expect(sender.window == 20 && burst(&sender, at: 40) == Array(10...29))
    // Packet 10 is lost.
    for _ in 0..<2 { sender.receive(acknowledgment(10, 12), at: at(80)) }
    #expect(burst(&sender, at: 80).isEmpty && sender.window == 20)
    sender.receive(acknowledgment(10, 13), at: at(80))
    #expect(sender.slowStartThreshold == 10 && sender.window == 13)
    #expect(burst(&sender, at: 80) == [10])
    for _ in 0..<16 { sender.receive(acknowledgment(10, 20), at: at(80)) }
    #expect(burst(&sender, at: 80) == Array(30...38), "29 under way: a window of 10 and 19 gone")
    sender.receive(acknowledgment(30), at: at(120))
    #expect(sender.window == 10)
    for next in 31...39 { sender.receive(acknowledgment(next), at: at(120)) }
    #expect(sender.window > 10.8 && sender.window < 11)
  }

  @Test("of TCP's kind begins anew with one packet after a time-out")
  func renoTimeout() {
    var sender = CongestionWindow(receiverWindow: 100, timer: timer, recovery: .newReno)
    sender.offer(.max)
    #expect(burst(&sender, at: 0) == Array(0...9))
    #expect(sender.nextDeadline == at(100))
    sender.advance(to: at(100))
    #expect(sender.window == 1 && sender.slowStartThreshold == 5)
    #expect(burst(&sender, at: 100) == [0])
    sender.receive(acknowledgment(3), at: at(140))
    #expect(sender.window == 2 && burst(&sender, at: 140) == [3, 4])
    // What is said of packets sent before the time-out starts no fast retransmit.
    for _ in 0..<5 { sender.receive(acknowledgment(3, 5), at: at(141)) }
    #expect(burst(&sender, at: 141).isEmpty && sender.counters.earlyDetections == 0)
  }

  @Test("by RFC 6582 asks at once for the next lost packet of a window; by RFC 5681 it does not")
  func partialAcknowledgments() {
    for recovery in LossRecovery.allCases {
      var sender = CongestionWindow(receiverWindow: 100, timer: timer, recovery: recovery)
      sender.offer(.max)
      #expect(burst(&sender, at: 0) == Array(0...9))
      // Packets 0 and 5 are lost.
      for latest in [1, 2, 3, 4] { sender.receive(acknowledgment(0, latest), at: at(40)) }
      #expect(burst(&sender, at: 40) == [0])
      sender.receive(acknowledgment(5), at: at(80))
      switch recovery {
      case .reno: #expect(sender.nextPacket(at: at(80)) == nil && sender.window == 5)
      case .newReno: #expect(sender.nextPacket(at: at(80))?.number == 5)
      }
    }
  }

  @Test("waits as RFC 6298 says, doubles after silence, and does not measure repeated packets")
  func timers() {
    var timer = RetransmissionTimer(.adaptive(least: .milliseconds(10), most: .seconds(8)))
    #expect(timer.timeout == .seconds(1))
    timer.measure(.milliseconds(100))
    #expect(timer.timeout == .milliseconds(300) && timer.roundTrip == .milliseconds(100))
    timer.measure(.milliseconds(100))
    #expect(timer.timeout == .milliseconds(250))
    for wait in [500, 1_000, 2_000, 4_000, 8_000, 8_000] as [Int64] {
      timer.backOff()
      #expect(timer.timeout == .milliseconds(wait))
    }
    for _ in 0..<200 { timer.measure(.milliseconds(2)) }
    #expect(timer.timeout == .milliseconds(10))
  }
}
