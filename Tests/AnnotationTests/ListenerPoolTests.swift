import Annotation
import CaptureFiles
import Determinism
import TestSupport
import Testing
import Wire

@Suite("Listeners: how many are half-open, and when")
struct ListenerPoolTests {
  @Test("peak and end are what a count over all connections finds", arguments: Seeds.sweep(40))
  func bruteForce(seed: UInt64) throws {
    var chance = SeededGenerator(seed: seed, stream: "half-open")
    var story = ListenerStory()
    var flows: [Flow] = []
    for index in 0..<(20 + Int(chance.number(below: 60))) {
      let flow = Flow(index: index, drawn: &chance)
      flows.append(flow)
      story.connection(index) { flow.tell(&$0) }
    }
    let times = story.captured.compactMap { $0.time?.nanoseconds }
      .map { ($0 - Story.beginning) / 1_000 }
    var peak = (count: 0, frame: 0)
    var last = 0
    for (place, time) in times.enumerated() {
      last = flows.count { $0.isHalfOpen(at: time) }
      if last > peak.count { peak = (last, place + 1) }
    }
    let listener = try #require(story.report().listeners.first)
    #expect(listener.halfOpenPeak == peak.count)
    #expect(listener.halfOpenPeakFrame == peak.frame)
    #expect(listener.halfOpenNow == last)
    #expect(peak.count > 5)
  }

  /// One connection whose packets come at times that no other's share.
  private struct Flow {
    var start: Int64
    var synAcks: [Int64] = []
    var acknowledgment: Int64?
    var reset: Int64?
    /// SYN-ACKs after the ACK.
    var late: [Int64] = []

    init(index: Int, drawn chance: inout SeededGenerator) {
      // A thousandth of a second for each flow, so that no two packets come at once.
      start = Int64(chance.number(below: 150)) * 1_000_000 + Int64(index) * 1_000 + 7
      synAcks = [start + 40]
      let wait: Int64 = chance.chance(0.8) ? 1_000_000 : 3_000_000
      for attempt in 0..<Int(chance.number(below: 7)) {
        guard let latest = synAcks.last else { break }
        synAcks.append(latest + wait << Int64(attempt))
      }
      guard let latest = synAcks.last else { return }
      switch chance.number(below: 4) {
      case 0: acknowledgment = latest + 100 + Int64(chance.number(below: 90)) * 1_000_000
      case 1: reset = latest + 100 + Int64(chance.number(below: 90)) * 1_000_000
      case 2:
        acknowledgment = latest + 100
        late = [1, 3].map { latest + 200 + $0 * 1_000_000 }
      default: break
      }
    }

    func tell(_ connection: inout ListenerStory.Connection) {
      connection.client(start, .syn)
      for time in synAcks + late { connection.server(time, [.syn, .ack], 0, 1) }
      if let acknowledgment { connection.client(acknowledgment, .ack, 1, 1) }
      if let reset { connection.client(reset, .rst, 1) }
    }

    /// The rule as it is stated: 63 s from the first SYN-ACK, or as long after the latest as that
    /// came after the first, to the end of the second.
    func isHalfOpen(at time: Int64) -> Bool {
      let sent = (synAcks + late).filter { $0 <= time }
      guard let first = sent.first, let latest = sent.last else { return false }
      if let reset, reset <= time { return false }
      if let acknowledgment, acknowledgment <= time, latest < acknowledgment { return false }
      let end = max(first + 63_000_000, latest + min(latest - first, 127_000_000))
      return time / 1_000_000 <= end / 1_000_000
    }
  }

  @Test("an entry that nobody acknowledges is gone when its schedule is over: 63 s, or 189")
  func deaths() {
    for (schedule, end, now) in [
      ([0], 63, 1), ([0], 64, 0), ([0, 1, 3, 7, 15, 31], 63, 1), ([0, 1, 3, 7, 15, 31], 64, 0),
      ([0, 3, 9, 21, 45, 93], 186, 1), ([0, 3, 9, 21, 45, 93], 187, 0),
    ] as [([Int64], Int64, Int)] {
      let report = ListenerStory.telling { story in
        story.connection(1) { connection in
          connection.client(0, .syn)
          for second in schedule {
            connection.server(100 + second * 1_000_000, [.syn, .ack], 0, 1)
          }
        }
        story.goOn(to: end * 1_000_000 + 200)
      }
      let listener = report.listeners.first
      #expect(listener?.halfOpenNow == now, "\(schedule), \(end) s")
      #expect(listener?.halfOpenPeak == 1 && listener?.tally.neverAcknowledged == 1)
    }
  }

  @Test("a gap of a day, a clock set back, and times at the ends of what a file can say")
  func strangeTimes() {
    var story = ListenerStory()
    for (index, time) in [0, 86_400_000_000, 10, 86_400_000_020].enumerated()
      as EnumeratedSequence<
        [Int64]
      >
    {
      story.connection(index) {
        $0.client(time, .syn)
        $0.server(time + 1, [.syn, .ack], 0, 1)
      }
    }
    #expect(story.report().listeners.first?.halfOpenNow == 2)
    var annotator = ListenerAnnotator()
    for (index, packet) in story.captured.enumerated() {
      var packet = packet
      packet.time = Instant(nanoseconds: [Int64.max, .min, 0, -1][index % 4])
      annotator.add(FrameFacts(packet), packet.bytes.span)
      packet.time = nil
      annotator.add(FrameFacts(packet), packet.bytes.span)
    }
    #expect(annotator.report.listeners.first?.tally.syns == 4)
  }

  @Test("no more listeners are kept than allowed; the others are counted together")
  func bound() throws {
    var story = ListenerStory()
    let busy = story.server
    for index in 0..<1_000 {
      let time = Int64(index) * 1_000
      let server = Endpoint(ListenerStory.client(100_000 + index), port: 443)
      story.connection(index, to: server) { $0.handshake(time) }
      if index % 5 == 0 { story.connection(index, to: busy) { $0.handshake(time + 500) } }
    }
    let report = story.report(listeners: 8)
    #expect(report.listeners.count == 8)
    #expect(report.listeners.first?.endpoint == busy, "used again and again, so never forgotten")
    #expect(report.listeners.first?.tally.established == 200)
    #expect(report.forgotten == 993)
    let sum = report.records.reduce(into: ListenerTally()) { $0 += $1.tally }
    #expect(sum.syns == 1_200 && sum.established == 1_200)
    #expect(report.others.tally.syns == 993 && report.others.halfOpenPeak == 1)
    let table = report.text(in: .tsv).split(separator: "\n")
    #expect(table.count == 10 && table.last?.hasPrefix("others\t-\t993\t") == true)
  }

  @Test("flows that had to be forgotten are counted when they are")
  func forgottenFlows() {
    var story = ListenerStory()
    for index in 0..<500 {
      story.connection(index) { $0.client(Int64(index) * 100_000, .syn) }
    }
    let report = story.report(flows: 20)
    let tally = report.listeners.first?.tally
    #expect(tally?.syns == 500)
    #expect((tally?.ignored ?? 0) + (tally?.undecided ?? 0) == 500)
    #expect((480...495).contains(tally?.ignored ?? 0), "each but those of the last second")
  }

  @Test(
    "whatever comes, attempts and outcomes add up, and no secret and no path changes the report",
    arguments: Seeds.sweep(60))
  func balance(seed: UInt64) {
    var chance = SeededGenerator(seed: seed, stream: "listeners")
    var story = ListenerStory()
    for _ in 0..<300 { Self.appendAnything(to: &story, &chance) }
    let report = story.report(listeners: 3)
    let sum = report.records.reduce(into: ListenerTally()) { $0 += $1.tally }
    let ends = sum.answered + sum.refused + sum.ignored + sum.undecided + sum.unclear
    #expect(sum.syns == ends, "\(sum)")
    for record in report.listeners {
      #expect(record.halfOpenNow <= record.halfOpenPeak)
      #expect(record.tally.answered <= record.tally.syns)
      let drift = (record.signs?.flood.halfOpen ?? 0) - record.halfOpenNow
      #expect(drift <= record.tally.resetByServer, "\(record)")
    }
    #expect(story.report() == story.reportWithPackets)
    var secretive = ListenerAnnotator(listeners: 3, secret: chance.next())
    for packet in story.captured { secretive.add(FrameFacts(packet), packet.bytes.span) }
    #expect(secretive.report == report)
  }

  /// A segment of few hosts and numbers, so that answers often fit.
  private static func appendAnything(
    to story: inout ListenerStory, _ chance: inout SeededGenerator
  ) {
    let client = Endpoint(ListenerStory.client(Int(chance.number(below: 3))), port: 40_000)
    let server = Endpoint(
      .v4(IPv4Address(198, 51, 100, 2)), port: 80 + UInt16(chance.number(below: 5)))
    let isFromClient = chance.chance(0.6)
    let kinds: [TCPFlags] = [.syn, [.syn, .ack], .ack, .rst, [.rst, .ack], [.fin, .ack]]
    let flags = kinds[Int(chance.number(below: 6))]
    let time = Int64(chance.number(below: 20_000)) * 10_000
    let segment = Segment(
      from: isFromClient ? client : server, to: isFromClient ? server : client, flags,
      sequence: SequenceNumber(1_000 + UInt32(chance.number(below: 2))),
      acknowledgment: SequenceNumber(
        flags.contains(.ack) ? 1_000 + UInt32(chance.number(below: 3)) : 0),
      window: 1_000, payload: chance.chance(0.1) ? [1] : [])
    story.append(ListenerStory.Connection.packet(segment, at: time), at: time)
  }
}
