import Determinism
import Handshake
import Testing
import Wire

@Suite("A connection")
struct ConnectionTests {
  private static let tuple = FourTuple(local: Fixtures.client(0), peer: Fixtures.server)

  private static func open(
    _ schedule: RetransmissionSchedule = .linuxSyn
  ) -> (connection: Connection, syn: Segment) {
    var sent: [Segment] = []
    var settings = StackSettings()
    settings.synSchedule = schedule
    let connection = Connection(
      opening: tuple, numbers: Fixtures.numbers, settings: settings, at: .zero, into: &sent)
    return (connection, sent[0])
  }

  private static func answer(
    to syn: Segment, _ flags: TCPFlags, sequence: UInt32 = 9_000, acknowledging offset: UInt32 = 1
  ) -> Segment {
    Segment(
      from: syn.destination, to: syn.source, flags, sequence: SequenceNumber(sequence),
      acknowledgment: syn.sequence + offset, window: 65_535)
  }

  private static func deliver(
    _ segment: Segment, to connection: inout Connection, at now: Instant = .milliseconds(5)
  ) -> [Segment] {
    var sent: [Segment] = []
    connection.receive(segment, at: now, into: &sent)
    return sent
  }

  @Test(
    "sends its SYN again on the schedule of its stack and then gives up",
    arguments: [
      (RetransmissionSchedule.linuxSyn, [1, 2, 3, 4, 5, 7, 11, 19, 35, 67] as [Int64], Int64(131)),
      (.doublingSyn, [1, 3, 7, 15, 31, 63], 127),
    ])
  func synSchedule(schedule: RetransmissionSchedule, seconds: [Int64], end: Int64) {
    var (connection, _) = Self.open(schedule)
    var at: [Instant] = []
    while let due = connection.nextDeadline, connection.state == .synSent {
      var sent: [Segment] = []
      connection.advance(to: due, into: &sent)
      at += sent.map { _ in due }
      if connection.state == .closed { #expect(due == .seconds(end)) }
    }
    #expect(at == seconds.map(Instant.seconds))
    #expect(connection.ending == .timedOut)
    #expect(schedule.lifetime == .seconds(end))
  }

  @Test("in SYN-SENT answers an unacceptable ACK with a RST at that number and stays")
  func unacceptableAcknowledgment() {
    for offset in [UInt32(0), 2, 0x8000_0000, .max] {
      var (connection, syn) = Self.open()
      let sent = Self.deliver(
        Self.answer(to: syn, [.syn, .ack], acknowledging: offset), to: &connection)
      #expect(sent.map(\.flags) == [.rst])
      #expect(sent.map(\.sequence) == [syn.sequence + offset])
      #expect(connection.state == .synSent)
    }
  }

  @Test("in SYN-SENT believes a RST only if it acknowledges the SYN")
  func resetInSynSent() {
    for (flags, offset, state) in [
      (TCPFlags.rst, 1, .synSent), ([.rst, .ack], 0, .synSent), ([.rst, .ack], 2, .synSent),
      ([.rst, .ack], 1, .closed),
    ] as [(TCPFlags, UInt32, TCPState)] {
      var (connection, syn) = Self.open()
      let sent = Self.deliver(
        Self.answer(to: syn, flags, acknowledging: offset), to: &connection)
      #expect(sent.isEmpty)
      #expect(connection.state == state)
    }
  }

  @Test("opened from both ends at once is ESTABLISHED at both after four segments")
  func simultaneousOpen() {
    var (here, hereSyn) = Self.open()
    var sent: [Segment] = []
    var there = Connection(
      opening: Self.tuple.reversed, numbers: Fixtures.numbers, settings: StackSettings(),
      at: .zero, into: &sent)
    let hereSynAck = Self.deliver(sent[0], to: &here)
    let thereSynAck = Self.deliver(hereSyn, to: &there)
    #expect(here.state == .synReceived && there.state == .synReceived)
    #expect(hereSynAck.map(\.flags) == [[.syn, .ack]])
    #expect(Self.deliver(thereSynAck[0], to: &here).isEmpty)
    #expect(Self.deliver(hereSynAck[0], to: &there).isEmpty)
    #expect(here.state == .established && there.state == .established)
    #expect(here.receiveNext == there.sendNext && there.receiveNext == here.sendNext)
  }

  @Test("in ESTABLISHED believes a RST at RCV.NXT, challenges one in the window, ignores the rest")
  func resetInEstablished() {
    for (offset, state, answers) in [
      (UInt32(0), .closed, 0), (1, .established, 1), (64_255, .established, 1),
      (64_256, .established, 0), (.max, .established, 0),
    ] as [(UInt32, TCPState, Int)] {
      var (connection, syn) = Self.open()
      let ack = Self.deliver(Self.answer(to: syn, [.syn, .ack]), to: &connection)
      #expect(ack.map(\.flags) == [.ack])
      let reset = Self.answer(to: syn, .rst, sequence: 9_001 &+ offset)
      let sent = Self.deliver(reset, to: &connection)
      #expect(connection.state == state, "offset \(offset)")
      #expect(sent.count == answers, "offset \(offset)")
    }
  }

  @Test("sends lost data again, and delivers it once")
  func lostData() {
    var (connection, syn) = Self.open()
    _ = Self.deliver(Self.answer(to: syn, [.syn, .ack]), to: &connection)
    var sent: [Segment] = []
    connection.send(Array("hello".utf8), at: .milliseconds(6), into: &sent)
    connection.close(at: .milliseconds(6), into: &sent)
    #expect(sent.map(\.flags) == [[.psh, .ack], [.fin, .ack]])
    #expect(connection.state == .finWait1)
    var again: [Segment] = []
    connection.advance(to: .milliseconds(1_006), into: &again)
    #expect(again.map(\.payload) == [Array("hello".utf8)])
    #expect(again.map(\.flags) == [[.fin, .psh, .ack]])
    _ = Self.deliver(
      Self.answer(to: syn, .ack, sequence: 9_001, acknowledging: 7), to: &connection)
    #expect(connection.state == .finWait2)
    #expect(connection.nextDeadline == nil)
  }

  @Test("fills the peer's window and no more, and asks a closed one with a single octet")
  func windows() {
    var (connection, syn) = Self.open()
    var synAck = Self.answer(to: syn, [.syn, .ack])
    synAck.window = 1_000
    synAck.options.maximumSegmentSize = 400
    _ = Self.deliver(synAck, to: &connection)
    var sent: [Segment] = []
    connection.send([UInt8](repeating: 1, count: 5_000), at: .milliseconds(6), into: &sent)
    #expect(sent.map(\.payload.count) == [400, 400, 200])
    var shut = Self.answer(to: syn, .ack, sequence: 9_001, acknowledging: 1_001)
    shut.window = 0
    #expect(Self.deliver(shut, to: &connection).isEmpty)
    var probe: [Segment] = []
    connection.advance(to: .milliseconds(1_006), into: &probe)
    #expect(probe.map(\.payload.count) == [1])
  }
}
