import Annotation
import Determinism
import SynCookies
import TestSupport
import Testing
import Wire

@Suite("SYN cookies, told from outside")
struct CookieEvidenceTests {
  @Test(
    "each scheme is named after sixty answers, and no scheme where none is",
    arguments: SimulatedServer.Kind.allCases)
  func naming(kind: SimulatedServer.Kind) {
    var verdicts: [CookieSign: Int] = [:]
    for seed in Seeds.sweep(200) {
      let reading = reading(of: kind, answers: 60, seed: seed)
      verdicts[reading.verdict, default: 0] += 1
    }
    let expected: CookieSign =
      switch kind {
      case .plain, .plainReadableClock, .coarseClock, .neverRepeats, .oldClients: .notSending
      case .linux: .sending(.linux)
      case .linuxReadable: .sending(.linuxTimestamps)
      case .freeBSD: .sending(.freeBSD)
      case .pf: .sending(.pf)
      // It grants nothing to anyone: only what it does not repeat tells of it.
      case .gVisor: .cannotTell
      }
    #expect(verdicts[expected, default: 0] >= 190, "\(verdicts)")
  }

  @Test("no more verdicts are wrong than their error probabilities say together")
  func calibration() {
    let mixture: [(SimulatedServer.Kind, Int)] = [
      (.plain, 600), (.plainReadableClock, 150), (.oldClients, 118), (.coarseClock, 20),
      (.neverRepeats, 30), (.linux, 50), (.linuxReadable, 7), (.freeBSD, 20), (.pf, 3),
      (.gVisor, 2),
    ]
    var claimed = 0.0
    var wrong = 0
    var given = 0
    var asked = 0
    for (kind, number) in mixture {
      for seed in 0..<UInt64(number * 6) {
        var chance = SeededGenerator(seed: seed, stream: "calibration")
        let answers = 1 + Int(chance.number(below: 40))
        let share = [1, 1, 1, 0.5, 0.25][Int(chance.number(below: 5))]
        let reading = reading(of: kind, answers: answers, seed: seed, share: share)
        asked += 1
        switch reading.verdict {
        case .sending: if kind.scheme == nil { wrong += 1 }
        case .notSending: if kind.scheme != nil { wrong += 1 }
        case .cannotTell: continue
        }
        given += 1
        claimed += reading.errorProbability
      }
    }
    #expect(asked == 6_000 && given > 4_000, "\(given) of \(asked)")
    let allowed = claimed + 3 * claimed.squareRoot()
    #expect(Double(wrong) <= allowed, "\(wrong) of \(given) wrong, \(claimed) claimed")
  }

  @Test("the facts' forty lags of each kind decide")
  func fortyLags() throws {
    var chance = SeededGenerator(seed: 4)
    var normal = CookieEvidence()
    var forced = CookieEvidence()
    for _ in 0..<40 {
      normal.note(try lag(milliseconds: -0.9 + 1.7 * chance.unitInterval()))
      forced.note(try lag(milliseconds: 1.7 + 60.6 * chance.unitInterval()))
    }
    // The lags exclude Linux's cookies alone; random numbers exclude FreeBSD's and pf's.
    #expect(normal.reading.verdict == .cannotTell)
    #expect((0.01..<0.05).contains(normal.reading.errorProbability))
    let options = TCPOptions(maximumSegmentSize: 1_460, windowScale: 7, sackPermitted: true)
    for number in 1...10 as ClosedRange<UInt32> {
      normal.note(answered(options, options, number: number))
      normal.noteUnanswered(repeated: true)
    }
    #expect(normal.reading.verdict == .notSending)
    #expect(normal.reading.errorProbability < 0.001)
    #expect(forced.reading.errorProbability == 1e-6)
    guard case .sending = forced.reading.verdict else {
      Issue.record("\(forced.reading)")
      return
    }
  }

  @Test("one lag is telling, and does not decide; three do")
  func fewLags() throws {
    var evidence = CookieEvidence()
    evidence.note(try lag(milliseconds: 30))
    let one = evidence.reading
    #expect(one.verdict == .cannotTell)
    #expect((0.7..<0.99).contains(one.errorProbability))
    evidence.note(try lag(milliseconds: 11))
    evidence.note(try lag(milliseconds: 47))
    #expect(evidence.reading.verdict != .cannotTell)
    #expect(evidence.reading.errorProbability < 0.01)
  }

  @Test("a clock of 100 Hz, a wait of a minute and a reversed order say nothing")
  func uselessLags() {
    let start = Instant.zero
    #expect(
      TimestampLag(synAck: (0, start), next: (5, start + .milliseconds(50)), hertz: 100) == nil)
    #expect(TimestampLag(synAck: (0, start), next: (60_000, start + .seconds(60))) == nil)
    #expect(TimestampLag(synAck: (0, start + .seconds(1)), next: (0, start)) == nil)
    let wrapped = TimestampLag(
      synAck: (0xFFFF_FFF0, start), next: (0x20, start + .milliseconds(10)))
    #expect(wrapped?.length == .milliseconds(38))
  }

  @Test("a quarter of cookies under pressure is seen")
  func pressure() {
    for seed in Seeds.sweep(50) {
      let reading = reading(of: .linux, answers: 200, seed: seed, share: 0.25)
      #expect(reading.verdict == .sending(.linux), "\(seed): \(reading)")
    }
  }

  @Test("the sentence has the verdict, how sure it is, and the counts")
  func sentence() throws {
    var evidence = CookieEvidence()
    #expect(evidence.reading.description == "nothing seen tells of SYN cookies")
    for _ in 0..<5 { evidence.note(try lag(milliseconds: 40)) }
    evidence.noteUnanswered(repeated: false)
    #expect(
      evidence.reading.description
        == """
        sends SYN cookies (Linux), wrong with 1 in 1000000: 5 of 5 SYN-ACK timestamps lag behind \
        the clock by 1.5 to 64 ms; 1 of 1 unanswered SYN-ACKs were not sent again
        """)
  }

  @Test("FreeBSD's octet is sure after four SYNs with different options")
  func flagOctet() {
    var decided = 0
    for seed in Seeds.sweep(100)
    where reading(of: .freeBSD, answers: 4, seed: seed).verdict == .sending(.freeBSD) {
      decided += 1
    }
    #expect(decided > 85)
  }

  @Test("silence alone never decides")
  func silence() {
    var evidence = CookieEvidence()
    for _ in 0..<1_000 { evidence.noteUnanswered(repeated: false) }
    #expect(evidence.reading.verdict == .cannotTell)
    #expect(evidence.reading.errorProbability < 0.8)
  }

  @Test("a number that moves by exactly as much as the client's decides, Linux or another")
  func movedNumber() {
    var evidence = CookieEvidence()
    evidence.noteSecondCall(client: 0, server: 0)
    #expect(evidence.reading.clues.isEmpty)
    evidence.noteSecondCall(client: 77_777, server: 77_777)
    #expect(evidence.reading.errorProbability < 0.001)
    #expect(evidence.reading.verdict == .sending(.linux))
  }

  @Test("low timestamp bits of 26 are scale 10 and SACK, and 58 or 27 are not")
  func timestampBits() {
    var options = TCPOptions(maximumSegmentSize: 1_460, windowScale: 10, sackPermitted: true)
    for (low, expected) in [(26, 40), (58, 0), (27, 0)] as [(UInt32, Int)] {
      var evidence = CookieEvidence()
      for number in 1...40 as ClosedRange<UInt32> {
        options.timestamps = TCPTimestamps(value: number * 640 + low, echoReply: 0)
        evidence.note(answered(options, options, number: number))
        evidence.note(answered(options, options, number: number))
      }
      let clue = evidence.reading.clues.first { $0.kind == .timestampBits }
      #expect(clue?.favouring ?? -1 == expected && clue?.total == 40, "\(evidence.reading)")
    }
  }

  @Test("lost options say nothing of a server that grants none")
  func lostOptions() {
    let bare = TCPOptions(maximumSegmentSize: 1_460)
    let full = TCPOptions(maximumSegmentSize: 1_460, windowScale: 7, sackPermitted: true)
    var evidence = CookieEvidence()
    for number in 0..<20 as Range<UInt32> {
      evidence.note(answered(full, bare, number: number))
    }
    #expect(!evidence.reading.clues.contains { $0.kind == .lostOptions && $0.favouring > 0 })
    var stamped = full
    stamped.timestamps = TCPTimestamps(value: 1, echoReply: 0)
    for number in 20..<24 as Range<UInt32> {
      evidence.note(answered(stamped, stamped, number: number))
    }
    let reading = evidence.reading
    #expect(reading.errorProbability < 0.01)
    guard case .sending = reading.verdict else {
      Issue.record("\(reading)")
      return
    }
    let clue = reading.clues.first { $0.kind == .lostOptions }
    #expect(clue?.favouring == 24)
  }

  private func answered(
    _ syn: TCPOptions, _ synAck: TCPOptions, number: UInt32
  ) -> AnsweredSyn {
    AnsweredSyn(
      syn: syn, synFlags: .syn, clientNumber: SequenceNumber(1), synAck: synAck,
      synAckFlags: [.syn, .ack], serverNumber: SequenceNumber(number &* 0x9E37_79B9))
  }

  private func lag(milliseconds: Double) throws -> TimestampLag {
    let start = Instant.zero
    let ticks: UInt32 = 100
    let elapsed = Nanoseconds(Int64((Double(ticks) - milliseconds) * 1e6))
    return try #require(
      TimestampLag(synAck: (5_000, start), next: (5_000 + ticks, start + elapsed)))
  }

  private func reading(
    of kind: SimulatedServer.Kind, answers: Int, seed: UInt64, share: Double = 1
  ) -> CookieReading {
    var server = SimulatedServer(kind, seed: seed, share: share)
    var evidence = CookieEvidence()
    server.answer(answers, into: &evidence)
    return evidence.reading
  }
}
