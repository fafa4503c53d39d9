import Determinism
import TestSupport
import Testing

@testable import FlowControl

@Suite("A flow's receiver")
struct ReceiverTests {
  @Test(
    "releases every packet once and in order, whatever the order of coming",
    arguments: Seeds.sweep(40))
  func order(seed: UInt64) {
    var chance = SeededGenerator(seed: seed, stream: "receiver")
    let buffer = Int(chance.number(below: 12))
    var receiver = FlowReceiver(buffer: buffer)
    var released = 0
    var kept: Set<Int> = []
    for _ in 0..<400 {
      let number = max(0, released - 3 + Int(chance.number(below: UInt64(buffer) + 6)))
      var acknowledgments: [Acknowledgment] = []
      let verdict = receiver.receive(number, serial: number + 1, at: .zero, into: &acknowledgments)
      if number < released || kept.contains(number) {
        #expect(verdict == .duplicate)
      } else if number == released {
        released += 1
        while kept.remove(released) != nil { released += 1 }
        #expect(verdict == .released(below: released))
      } else if number < released + buffer {
        kept.insert(number)
        #expect(verdict == .kept)
      } else {
        #expect(verdict == .notKept)
      }
      #expect(acknowledgments.map(\.next) == [released] && receiver.next == released)
      #expect(verdict == .notKept || acknowledgments.map(\.latest) == [number])
    }
    #expect(released > 20)
  }

  @Test("puts acknowledgments off, but not beyond the second packet or the wait, nor beside a gap")
  func delayed() {
    var receiver = FlowReceiver(buffer: 8, policy: .delayed(every: 2, most: .milliseconds(40)))
    var said: [Acknowledgment] = []
    _ = receiver.receive(0, serial: 0 + 1, at: .zero, into: &said)
    #expect(said.isEmpty && receiver.nextDeadline == .zero + .milliseconds(40))
    _ = receiver.receive(1, serial: 1 + 1, at: .zero + .milliseconds(10), into: &said)
    #expect(said == [Acknowledgment(next: 2, latest: 1, serial: 2)] && receiver.nextDeadline == nil)
    _ = receiver.receive(2, serial: 2 + 1, at: .zero + .milliseconds(20), into: &said)
    receiver.advance(to: .zero + .milliseconds(59), into: &said)
    #expect(said.count == 1)
    receiver.advance(to: .zero + .milliseconds(60), into: &said)
    #expect(said.last == Acknowledgment(next: 3, latest: 2, serial: 3))
    _ = receiver.receive(4, serial: 4 + 1, at: .zero + .milliseconds(70), into: &said)
    #expect(said.last == Acknowledgment(next: 3, latest: 4, serial: 5))
    _ = receiver.receive(3, serial: 3 + 1, at: .zero + .milliseconds(71), into: &said)
    #expect(said.last == Acknowledgment(next: 5, latest: 3, serial: 4) && said.count == 4)
    _ = receiver.receive(3, serial: 3 + 1, at: .zero + .milliseconds(72), into: &said)
    #expect(said.count == 5 && receiver.counters.duplicates == 1)
  }

  @Test("lets an acknowledgment that waits go along with a packet of its own")
  func piggyback() {
    var receiver = FlowReceiver(buffer: 8, policy: .delayed(every: .max, most: .milliseconds(40)))
    var said: [Acknowledgment] = []
    #expect(receiver.piggyback() == nil)
    for number in 0...2 { _ = receiver.receive(number, serial: number + 1, at: .zero, into: &said) }
    #expect(said.isEmpty)
    #expect(receiver.piggyback() == Acknowledgment(next: 3, latest: 2, serial: 3))
    #expect(receiver.piggyback() == nil && receiver.nextDeadline == nil)
    #expect(receiver.counters.acknowledgments == 1 && receiver.counters.piggybacked == 1)
  }
}
