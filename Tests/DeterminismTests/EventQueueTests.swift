import Determinism
import TestSupport
import Testing

@Suite("The event queue: what holds for every schedule")
struct EventQueueTests {
  @Test(
    "events leave by due time, and equal times in the order they came, those sent ahead the other way",
    arguments: Seeds.sweep(50), [0, 0.5, 1])
  func order(seed: UInt64, aheadShare: Double) {
    var chance = SeededGenerator(seed: seed)
    var queue = EventQueue<Int>()
    var expected: [(due: Instant, event: Int)] = []
    var left: [(due: Instant, event: Int)] = []
    for number in 1...200 {
      let due = Instant(nanoseconds: Int64(chance.number(below: 12)))
      // Of equal times, the lower event goes first.
      let event = chance.chance(aheadShare) ? -number : number
      if event < 0 { queue.scheduleAhead(event, at: due) } else { queue.schedule(event, at: due) }
      expected.append((due, event))
      if chance.chance(0.3), let earliest = queue.popEarliest() {
        let index = expected.indices.min {
          (expected[$0].due, expected[$0].event) < (expected[$1].due, expected[$1].event)
        }
        #expect(index.map { expected.remove(at: $0).event } == earliest.event)
      }
    }
    while let next = queue.popEarliest() { left.append(next) }
    expected.sort { ($0.due, $0.event) < ($1.due, $1.event) }
    #expect(left.map(\.event) == expected.map(\.event))
  }

  @Test("nothing leaves before it is due")
  func dueBy() {
    var queue = EventQueue<String>()
    queue.schedule("late", at: Instant(nanoseconds: 10))
    #expect(queue.popEarliest(dueBy: Instant(nanoseconds: 9)) == nil)
    #expect(queue.popEarliest(dueBy: Instant(nanoseconds: 10))?.event == "late")
    #expect(queue.earliestDue == nil)
  }
}
