import Determinism
import Handshake
import SynCookies
import Testing
import Wire

@Suite("Whoever studies a connection")
struct KnownNumbersTests {
  let tuple = FourTuple(
    local: Endpoint(.v4(IPv4Address(192, 0, 2, 1)), port: 40_000),
    peer: Endpoint(.v4(IPv4Address(198, 51, 100, 2)), port: 8_086))

  @Test(
    "can give its first number, from which the clock goes on, the wrap included",
    arguments: [0, 1, 0x7FFF_FFFF, UInt32.max])
  func numbersAreGiven(start: UInt32) {
    let numbers = SequenceNumberSource(beginningWith: SequenceNumber(start))
    #expect(numbers.initialSequenceNumber(for: tuple, at: .zero).rawValue == start)
    #expect(numbers.initialSequenceNumber(for: tuple.reversed, at: .zero).rawValue == start)
    let later = Instant.zero + .microseconds(4 * 5)
    #expect(numbers.initialSequenceNumber(for: tuple, at: later).rawValue == start &+ 5)
    #expect(numbers.timestampOffset(for: tuple) == 0)
  }

  @Test("can turn its clock, and finds it behave as before", arguments: [-7, 0, 1, 1_000])
  func clockIsTurned(seconds: Int64) throws {
    var sent: [Segment] = []
    var settings = StackSettings()
    settings.offersTimestamps = false
    let start = Instant.zero + .seconds(10)
    var connection = Connection(
      opening: tuple, numbers: SequenceNumberSource(beginningWith: SequenceNumber(9)),
      settings: settings, at: start, into: &sent)
    var moved = connection.moved(by: .seconds(seconds))
    #expect((moved == connection) == (seconds == 0))
    #expect(moved.moved(by: .seconds(-seconds)) == connection)
    var sentByMoved = sent
    while let due = connection.nextDeadline {
      #expect(moved.nextDeadline == due + .seconds(seconds))
      connection.advance(to: due, into: &sent)
      moved.advance(to: due + .seconds(seconds), into: &sentByMoved)
    }
    #expect(sent == sentByMoved && sent.count == 11)
    #expect(moved == connection && moved.state == .closed)
  }

  @Test("sees what a listener remembers of a SYN, and that it numbers its answer as told")
  func entryIsSeen() throws {
    var source = SeededGenerator(seed: 3)
    var listener = Listener(
      at: tuple.peer, settings: ListenerSettings(mitigation: .pool, backlog: 4),
      secrets: ListenerSecrets(from: &source), chance: source
    ).numbered(by: SequenceNumberSource(beginningWith: SequenceNumber(.max)))
    #expect(listener.halfOpenEntry(of: tuple.reversed) == nil)
    var sent: [Segment] = []
    let syn = Segment(
      from: tuple.local, to: tuple.peer, .syn, sequence: SequenceNumber(41), window: 1_000)
    #expect(listener.receive(syn, at: .zero, into: &sent) == .admitted)
    let entry = try #require(listener.halfOpenEntry(of: tuple.reversed))
    #expect(entry.initialReceiveSequence.rawValue == 41)
    #expect(entry.initialSendSequence.rawValue == .max && sent.last?.sequence.rawValue == .max)
    #expect(listener.halfOpenEntry(of: tuple) == nil)
    let ack = Segment(
      from: tuple.local, to: tuple.peer, .ack, sequence: SequenceNumber(42),
      acknowledgment: SequenceNumber(0), window: 1_000)
    #expect(listener.receive(ack, at: .zero, into: &sent) == .completed)
    #expect(listener.halfOpenEntry(of: tuple.reversed) == nil)
  }
}
