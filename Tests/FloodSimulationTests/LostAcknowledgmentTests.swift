import Determinism
import FloodSimulation
import Handshake
import SynCookies
import Testing

@Suite("A server that speaks first, its client's final ACK lost once")
struct LostAcknowledgmentTests {
  /// What becomes of ten clients whose patience is `patience`.
  private func legitimate(
    _ mitigation: Mitigation, _ syncookies: SyncookiesMode = .onOverflow,
    patience: Nanoseconds, speaksAfter: Nanoseconds? = nil
  ) -> FloodReport.Legitimate {
    var scenario = FloodScenario()
    scenario.duration = .seconds(10)
    scenario.attack.synRate = 0
    scenario.clients.rate = 10
    scenario.clients.roundTrip = RoundTripTimes()
    scenario.clients.patience = patience
    scenario.clients.speaksAfter = speaksAfter
    scenario.link.losesFirstAcknowledgments = true
    scenario.listener.mitigation = mitigation
    scenario.listener.syncookies = syncookies
    return scenario.run().legitimate
  }

  @Test(
    "hears of it by the SYN-ACK that a pool sends again after a second",
    arguments: [Mitigation.pool, .linux, .rfc9293])
  func pool(mitigation: Mitigation) {
    // A round trip is at most 0.9 s, and three ways of it follow the second.
    let patient = legitimate(mitigation, patience: .milliseconds(3_700))
    #expect(patient.attempted > 50 && patient.completed == patient.attempted)
    let hasty = legitimate(mitigation, patience: .milliseconds(999))
    #expect(hasty.completed == 0 && hasty.stalled > 50)
  }

  @Test("never hears of it under cookies", arguments: [Mitigation.cookies, .linux, .gvisor])
  func cookies(mitigation: Mitigation) {
    let stalled = legitimate(mitigation, .always, patience: .seconds(60))
    #expect(stalled.attempted > 50 && stalled.stalled == stalled.attempted)
  }

  @Test("hears of it under cookies when the client speaks, soon enough for its cookie")
  func speaking() {
    for mitigation in [Mitigation.cookies, .linux] {
      let atOnce = legitimate(
        mitigation, .always, patience: .seconds(3), speaksAfter: Nanoseconds(0))
      #expect(atOnce.attempted > 50 && atOnce.completed == atOnce.attempted)
    }
    let later = legitimate(.linux, .always, patience: .seconds(6), speaksAfter: .seconds(3))
    #expect(later.completed == later.attempted)
    // Salted cookies live for two seconds; Linux's for two minutes at most.
    let stale = legitimate(.cookies, .always, patience: .seconds(6), speaksAfter: .seconds(3))
    #expect(stale.completed == 0 && stale.restarts > 0)
    let tooLate = legitimate(.linux, .always, patience: .seconds(180), speaksAfter: .seconds(125))
    #expect(tooLate.completed == 0 && tooLate.restarts > 0)
  }
}
