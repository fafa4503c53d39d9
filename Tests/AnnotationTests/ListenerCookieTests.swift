import Annotation
import CaptureFiles
import Determinism
import SynCookies
import TestSupport
import Testing
import Wire

/// A Linux listener that answers SYNs with true cookies, or keeps an entry for each.
struct CookieListener {
  let sendsCookies: Bool
  /// The ticks a second of its timestamps.
  var hertz: Int64 = 1_000
  private var cookies: ListenerCookies
  private var chance: SeededGenerator

  init(sendsCookies: Bool, seed: UInt64) {
    self.sendsCookies = sendsCookies
    chance = SeededGenerator(seed: seed, stream: "cookie listener")
    cookies = ListenerCookies(
      .linux, secret: SipKey(low: chance.next(), high: chance.next()))
  }

  private func clock(_ time: Int64) -> UInt32 {
    UInt32(truncatingIfNeeded: (1_700_000_000_000_000 + time) / (1_000_000 / hertz))
  }

  /// A spoofed SYN, and what the listener sends to somebody who never asked.
  mutating func spoof(_ index: Int, at time: Int64, in story: inout ListenerStory) {
    let number = UInt32(truncatingIfNeeded: chance.next())
    let (synAck, server) = answer(index, number, Self.offer(index), at: time + 50)
    let isKept = !sendsCookies
    story.connection(index, clientNumber: number, serverNumber: server) {
      $0.client(time, .syn, 0, nil, Self.offer(index))
      for second in isKept ? [0, 1, 3, 7] : [0] as [Int64] {
        $0.server(time + 50 + second * 1_000_000, [.syn, .ack], 0, 1, synAck)
      }
    }
  }

  /// A client that completes its handshake, asks, and is answered after a while.
  mutating func serve(_ index: Int, at time: Int64, in story: inout ListenerStory) {
    let number = UInt32(truncatingIfNeeded: chance.next())
    let (synAck, server) = answer(index, number, Self.offer(index), at: time + 50)
    let delay = 5_000 + Int64(chance.number(below: 200_000))
    let hasTimestamps = synAck.timestamps != nil
    let offset = (synAck.timestamps?.value ?? 0) &- (made ?? 0)
    story.connection(index, clientNumber: number, serverNumber: server) { connection in
      connection.client(time, .syn, 0, nil, Self.offer(index))
      connection.server(time + 50, [.syn, .ack], 0, 1, synAck)
      connection.client(time + 1_050, [.ack, .psh], 1, 1, data: "GET")
      for (part, later) in [delay, delay + 3_000_000, delay + 9_000_000].enumerated() {
        let now = clock(time + later) &+ offset
        connection.server(
          time + later, [.ack, .psh], 1 + UInt32(part) * 2, 4,
          hasTimestamps ? .stamps(now, 7) : .none, data: "ok")
      }
    }
  }

  /// What the clock, or the cookie in its place, showed in the last answer, without the offset.
  private var made: UInt32?

  private mutating func answer(
    _ index: Int, _ number: UInt32, _ syn: TCPOptions, at time: Int64
  ) -> (options: TCPOptions, number: UInt32) {
    let offset = UInt32(truncatingIfNeeded: chance.next())
    guard sendsCookies else {
      made = clock(time)
      let options = TCPOptions(
        maximumSegmentSize: 1_460, windowScale: 7, sackPermitted: true,
        timestamps: syn.timestamps.map {
          TCPTimestamps(value: clock(time) &+ offset, echoReply: $0.value)
        })
      return (options, UInt32(truncatingIfNeeded: chance.next()))
    }
    let request = CookieRequest(
      tuple: FourTuple(
        local: Endpoint(.v4(IPv4Address(198, 51, 100, 2)), port: 80),
        peer: Endpoint(ListenerStory.client(index), port: 40_000)),
      initialSequence: SequenceNumber(number), options: syn, offersEcn: false)
    let cookie = cookies.make(
      for: request, at: Instant(nanoseconds: 1_700_000_000_000_000_000 + time * 1_000))
    made = cookie.timestampValue
    let kept = cookie.kept
    let options = TCPOptions(
      maximumSegmentSize: 1_460, windowScale: kept.windowScale ? 7 : nil,
      sackPermitted: kept.sack,
      timestamps: kept.timestamps
        ? cookie.timestampValue.map { TCPTimestamps(value: $0 &+ offset, echoReply: 1) } : nil)
    return (options, cookie.sequence.rawValue)
  }

  /// Two clients in three have timestamps.
  private static func offer(_ index: Int) -> TCPOptions {
    TCPOptions(
      maximumSegmentSize: 1_460, windowScale: UInt8(6 + index % 3), sackPermitted: true,
      timestamps: index % 3 == 0
        ? nil : TCPTimestamps(value: UInt32(truncatingIfNeeded: index), echoReply: 0))
  }
}

@Suite("Listeners under floods: who sends cookies")
struct ListenerCookieTests {
  @Test(
    "a spoofed flood is told, and whether cookies answer it, among real clients",
    arguments: [true, false], [1, 2, 3] as [UInt64])
  func flood(sendsCookies: Bool, seed: UInt64) throws {
    var story = ListenerStory()
    var listener = CookieListener(sendsCookies: sendsCookies, seed: seed)
    for index in 0..<600 { listener.spoof(index, at: Int64(index) * 10_000, in: &story) }
    for index in 600..<630 {
      listener.serve(index, at: Int64(index - 600) * 200_000 + 33, in: &story)
    }
    story.goOn(to: 20_000_000)
    let report = story.report()
    let record = try #require(report.listeners.first)
    let signs = try #require(record.signs)
    #expect(record.tally.syns == 630 && record.tally.established == 30)
    #expect(record.tally.neverAcknowledged == 600)
    #expect(signs.flood.verdict == .spoofedFlood)
    #expect(record.halfOpenNow == 600 && (600...630).contains(record.halfOpenPeak))
    #expect(signs.cookies.verdict == (sendsCookies ? .sending(.linux) : .notSending))
    #expect(signs.cookies.errorProbability <= 0.01)
    #expect(signs.clockHertz == 1_000)
    #expect(report.text(in: .text).contains("of those with cookies none") == sendsCookies)
  }

  @Test("two servers in one capture are told apart: one flooded with cookies, one well")
  func mixed() throws {
    var story = ListenerStory()
    var flooded = CookieListener(sendsCookies: true, seed: 9)
    for index in 0..<300 { flooded.spoof(index, at: Int64(index) * 20_000, in: &story) }
    for index in 300..<310 { flooded.serve(index, at: Int64(index) * 10_000, in: &story) }
    story.server.port = 8_080
    for index in 400..<480 { story.connection(index) { $0.handshake(Int64(index) * 9_000) } }
    story.goOn(to: 20_000_000)
    let report = story.report()
    #expect(report.listeners.map(\.endpoint?.port) == [80, 8_080])
    #expect(report.listeners.map(\.signs?.flood.verdict) == [.spoofedFlood, .healthy])
    #expect(report.listeners.first?.signs?.cookies.verdict == .sending(.linux))
    #expect(report.listeners.last?.signs?.cookies.verdict != .sending(.linux))
  }

  @Test("the lags of a clock of 100 Hz are no evidence, and the clock is told")
  func slowClock() throws {
    var story = ListenerStory()
    var listener = CookieListener(sendsCookies: false, seed: 5)
    listener.hertz = 100
    for index in 0..<40 where index % 3 != 0 {
      listener.serve(index, at: Int64(index) * 10_000_000, in: &story)
    }
    let signs = try #require(story.report().listeners.first?.signs)
    #expect(signs.clockHertz == 100)
    #expect(!signs.cookies.clues.contains { $0.kind == .timestampLag })
    var normal = CookieListener(sendsCookies: false, seed: 5)
    story = ListenerStory()
    for index in 0..<40 where index % 3 != 0 {
      normal.serve(index, at: Int64(index) * 10_000_000, in: &story)
    }
    let clue = story.report().listeners.first?.signs?.cookies.clues
      .first { $0.kind == .timestampLag }
    #expect(clue?.total == 26 && clue?.favouring == 0)
  }

  @Test("a second SYN of the same name within a second shows a number that moves with it")
  func secondCall() throws {
    for (gap, moves, total) in [(400_000, true, 1), (400_000, false, 1), (1_400_000, true, 0)]
      as [(Int64, Bool, Int)]
    {
      let report = ListenerStory.telling { story in
        story.connection(1, clientNumber: 5_000, serverNumber: 9_000_000) {
          $0.client(0, .syn)
          $0.server(50, [.syn, .ack], 0, 1)
        }
        story.connection(1, clientNumber: 82_777, serverNumber: moves ? 9_077_777 : 123) {
          $0.client(gap, .syn)
          $0.server(gap + 50, [.syn, .ack], 0, 1)
        }
      }
      let signs = try #require(report.listeners.first?.signs)
      let clue = signs.cookies.clues.first { $0.kind == .movedNumber }
      #expect((clue?.total ?? 0) == total)
      #expect((clue?.favouring ?? 0) == (moves ? total : 0))
      if moves, total == 1 { #expect(signs.cookies.verdict == .sending(.linux)) }
    }
  }

  @Test("a SYN that comes again after a reset shows whether its number does, once")
  func forgottenCall() throws {
    for repeats in [true, false] {
      let report = ListenerStory.telling { story in
        story.connection(1, clientNumber: 5_000, serverNumber: 7_000) {
          $0.client(0, .syn)
          $0.server(50, [.syn, .ack], 0, 1)
          $0.client(100, .rst, 1)
          $0.client(500_000, .syn)
          for late in [500_050, 1_500_050] as [Int64] {
            $0.server(late, [.syn, .ack], repeats ? 0 : 900, 1)
          }
        }
      }
      let signs = try #require(report.listeners.first?.signs)
      let clue = signs.cookies.clues.first { $0.kind == .sameNumber }
      #expect(clue?.total == 1 && clue?.favouring == (repeats ? 1 : 0))
      #expect(signs.cookies.errorProbability > 0.01 || !repeats, "a reset may be lost")
    }
  }
}
