import Annotation
import Determinism
import Handshake
import Probe
import SynCookies
import Testing
import Wire

@Suite("A probe of the model")
struct ModelVerdictTests {
  @Test("names every scheme, on a link that loses nothing", arguments: CookieSchemeName.allCases)
  func schemesAreNamed(scheme: CookieSchemeName) {
    for seed in 1...20 as ClosedRange<UInt64> {
      let verdict = ModelRun.verdict(
        on: ModelRun.settings(.cookies, scheme), isIPv6: seed % 2 == 0 && scheme != .onload,
        seed: seed)
      #expect(
        verdict.cookies.verdict == .sending(.scheme(scheme)), "\(seed): \(verdict.cookies)")
      #expect(verdict.cookies.errorProbability <= 0.001)
      #expect(verdict.cookies.keptAnswers == 0, "\(seed): \(verdict.cookies)")
      #expect(verdict.numbers.law == nil)
    }
  }

  @Test(
    "sees no cookies, and the clock of 4 us, where none are sent",
    arguments: [Mitigation.pool, .linux, .gvisor, .pf, .illumos, .rfc9293])
  func keepersAreNamed(mitigation: Mitigation) {
    for seed in 1...10 as ClosedRange<UInt64> {
      let verdict = ModelRun.verdict(on: ModelRun.settings(mitigation), seed: seed)
      #expect(verdict.cookies.verdict == .notSeen, "\(seed): \(verdict.cookies)")
      #expect(verdict.numbers.law == .clock(tick: .microseconds(4)), "\(seed): \(verdict.numbers)")
      #expect(verdict.numbers.isKeyed == true)
      #expect(verdict.clock.clock == .hertz(1_000), "\(seed): \(verdict.clock)")
    }
  }

  @Test(
    "names stacks that always send cookies",
    arguments: [
      (Mitigation.linux, CookieSchemeName.linux), (.gvisor, .gvisor), (.pf, .pf),
      (.freebsd, .freebsd),
    ])
  func stacksAreNamed(mitigation: Mitigation, scheme: CookieSchemeName) {
    for seed in 1...10 as ClosedRange<UInt64> {
      let verdict = ModelRun.verdict(
        on: ModelRun.settings(mitigation, syncookies: .always), seed: seed)
      #expect(
        verdict.cookies.verdict == .sending(.scheme(scheme)), "\(seed): \(verdict.cookies)")
    }
  }

  /// With these seeds gVisor's counter steps where eight answers leave Linux's scheme at 2 %.
  @Test(
    "asks on until it knows whose cookies they are", arguments: [422, 1_282, 1_458] as [UInt64])
  func openSchemeIsAskedAgain(seed: UInt64) {
    let verdict = ModelRun.verdict(on: ModelRun.settings(.gvisor, syncookies: .always), seed: seed)
    #expect(verdict.cookies.verdict == .sending(.scheme(.gvisor)), "\(verdict.cookies)")
    #expect((9...10).contains(verdict.port.synsSent))
  }

  @Test("says that it sees none where the numbers follow no pattern, but for unlucky ones")
  func numbersWithoutPattern() {
    let findings = (1...20 as ClosedRange<UInt64>).map { seed in
      var chance = SeededGenerator(seed: seed)
      var transcript = ModelRun.transcript(on: ModelRun.settings(.pool), seed: seed)
      for place in transcript.segments.indices where transcript.segments[place].isSynAck {
        transcript.segments[place].sequence = SequenceNumber(
          UInt32(truncatingIfNeeded: chance.next()))
      }
      return CookieFinding(transcript)
    }
    // An octet that looks like FreeBSD's flags, or Onload's, can only be told by further SYNs.
    #expect(findings.count { $0.verdict == .notSeen } >= 16, "\(findings)")
    #expect(findings.allSatisfy { $0.verdict == .notSeen || $0.verdict == .cannotTell })
  }

  @Test(
    "does not say that it saw none where one number of several fits no clock",
    arguments: 1...20 as ClosedRange<UInt64>)
  func oneNumberBesideTheClock(seed: UInt64) throws {
    var transcript = ModelRun.transcript(on: ModelRun.settings(.linux), seed: seed)
    try #require(CookieFinding(transcript).verdict == .notSeen)
    // Options that are granted without timestamps are no cookie's, whatever the number.
    let synAcks = transcript.segments.indices.filter {
      transcript.segments[$0].isSynAck && transcript.segments[$0].options.timestamps != nil
    }
    let odd = synAcks[Int(seed) % synAcks.count]
    transcript.segments[odd].sequence = transcript.segments[odd].sequence + 0x5A5A_5A5A
    #expect(CookieFinding(transcript).verdict == .cannotTell, "\(CookieFinding(transcript))")
  }

  @Test("calls a port where nobody listens closed, and tells the RST's shape")
  func closedPortIsClosed() {
    let port = ModelRun.verdict(on: nil).port
    #expect(
      port.state
        == .closed(shape: "RST,ACK with number 0, as RFC 9293 asks, window 0, TTL 64"), "\(port)")
    #expect(port.synsSent == 1)
    let cookies = ModelRun.verdict(on: nil).cookies
    #expect(cookies.verdict == .cannotTell)
    #expect((0.1...0.5).contains(cookies.errorProbability), "what is likely before any answer")
  }

  @Test("measures the round trip")
  func roundTripIsMeasured() {
    let port = ModelRun.verdict(on: ModelRun.settings(.pool)).port
    #expect(port.roundTripTimes == Array(repeating: .milliseconds(20), count: 8))
  }

  @Test("follows the schedule of SYN-ACKs to its end")
  func scheduleIsFollowed() throws {
    let linux = try #require(
      ModelRun.verdict(on: ModelRun.settings(.linux), asking: [.handshake, .schedule]).schedule)
    #expect(linux.reading.gaps.count == 5)
    #expect(linux.hasGivenUp)
    #expect(linux.candidates.contains(.linuxSynAck))
    #expect(!linux.candidates.contains(.gVisorSynAck), "\(linux)")
    let cookies = try #require(
      ModelRun.verdict(on: ModelRun.settings(.cookies), asking: [.handshake, .schedule]).schedule)
    #expect(cookies.isSentOnce)
    let freebsd = try #require(
      ModelRun.verdict(on: ModelRun.settings(.freebsd), asking: [.handshake, .schedule]).schedule)
    #expect(freebsd.candidates == [.freeBSDSynAck], "\(freebsd)")
  }

  @Test("tells how second SYNs and RSTs beside the window are met")
  func resetsAreTold() {
    let rows = ModelRun.verdict(on: ModelRun.settings(.linux), asking: [.resets]).resets
    let expected: [(ResetFinding.Cause, ResetFinding.Outcome)] = [
      (.secondSynWithinWindow, .reset), (.secondSynOutsideWindow, .challenge),
      (.reset(.before), .nothing), (.reset(.within), .challenge), (.reset(.last), .challenge),
      (.reset(.rightEdge), .challenge), (.reset(.beyond), .nothing), (.reset(.exact), .nothing),
      (.synWithFin, .nothing), (.synWithData, .synAck), (.strayAcknowledgment, .reset),
    ]
    #expect(rows.map(\.cause) == expected.map(\.0))
    #expect(rows.map(\.outcome) == expected.map(\.1))
  }

  @Test("tells what each offer is answered with")
  func optionsAreTold() throws {
    let rows = ModelRun.verdict(on: ModelRun.settings(.pool), asking: [.options]).options
    #expect(rows.map(\.offer) == ProbeOffer.table)
    let all = try #require(rows.last?.answer)
    #expect(all.sack && all.timestamps && all.windowScale == 7)
    let none = try #require(rows.first?.answer)
    #expect(!none.sack && !none.timestamps && none.windowScale == nil)
    #expect(none.congestion == .none)
  }

  @Test(
    "counts the slots of a pool, and tells what follows them",
    arguments: [
      (Mitigation.pool, SyncookiesMode.onOverflow, 40, BacklogFinding.Beyond.silence),
      (.linux, .onOverflow, 41, .cookies), (.linux, .never, 41, .silence),
      (.gvisor, .onOverflow, 40, .cookies), (.linux, .always, 0, .cannotTell),
    ])
  func slotsAreCounted(
    mitigation: Mitigation, mode: SyncookiesMode, entries: Int, beyond: BacklogFinding.Beyond
  ) {
    var chance = SeededGenerator(seed: 3)
    var settings = ListenerSettings(mitigation: mitigation, backlog: 40)
    settings.syncookies = mode
    var listener: Listener? = Listener(
      at: ModelRun.host, settings: settings, secrets: ListenerSecrets(from: &chance),
      chance: chance)
    var prober = BacklogProber(
      of: ModelRun.host,
      from: (1...500).map { .v4(IPv4Address(rawValue: 0xC612_8000 + UInt32($0))) }, port: 40_000,
      first: SequenceNumber(UInt32.max - 20))
    ModelRun.play(&prober, of: ModelRun.host, listener: &listener, from: .zero)
    #expect(prober.finding.entries == entries, "\(prober.finding)")
    #expect(prober.finding.beyond == beyond, "\(prober.finding)")
    #expect(listener?.pool.count == 0)
  }
}
