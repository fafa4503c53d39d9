import Determinism
import FloodSimulation
import Handshake
import SynCookies
import Wire

/// In what order present-day stacks look at a SYN, as they were measured and read.
enum StackLaws {
  /// P12.
  ///
  /// A regression, over the kernel's own windows, for phases of the timer wheel that mostly lead to the
  /// pattern that kernels showed. Entries fall into step with each other, more in some runs than in
  /// others: with 128 slots single runs scatter by 4 % around 98 % of the kernel's figure, so that the
  /// mean of eight lies seven of its own deviations within the bound.
  static let ageingIsAsMeasured = Property(
    "P12",
    "Under Linux's ageing a flooded pool admits as many SYNs as the kernel did, within 12 %.",
    source: "Linux 6.18 measured; reqsk_timer_handler in net/ipv4/inet_connection_sock.c",
    usualCases: 6
  ) { (choices) throws(CaseEnd) in
    let row = try choices.element(of: [
      (backlog: 16, rate: 49.5, window: 30...100, admitted: 2.04),
      (backlog: 128, rate: 198.8, window: 60...240, admitted: 15.67),
      (backlog: 1_024, rate: 499.9, window: 30...100, admitted: 115.76),
    ])
    var scenario = FloodScenario()
    scenario.listener = ListenerSettings(mitigation: .linux, backlog: row.backlog)
    scenario.listener.syncookies = .never
    scenario.clients.rate = 0
    scenario.attack.synRate = row.rate
    var admitted = 0
    let seed = try choices.choice(upTo: .max)
    let phase = try choices.number(in: 0...8)
    for run in 0..<8 {
      scenario.listener.timerPhase = 20 + Int64((phase + run) % 9)
      scenario.seed = seed &+ UInt64(run)
      scenario.duration = .seconds(Int64(row.window.upperBound))
      admitted += scenario.run(samples: 1).counters.entriesAdmitted
      scenario.duration = .seconds(Int64(row.window.lowerBound))
      admitted -= scenario.run(samples: 1).counters.entriesAdmitted
    }
    let rate = Double(admitted) / Double(8 * (row.window.count - 1))
    choices.note(
      "backlog \(row.backlog), \(row.rate) SYN/s: \(rate) admitted a second, by the kernel "
        + "\(row.admitted)")
    try require(
      abs(rate - row.admitted) <= 0.12 * row.admitted,
      "\(rate) SYNs a second are admitted, not \(row.admitted)")
  }

  /// P13.
  static let lastQuarterIsForFriends = Property(
    "P13",
    "Without cookies Linux keeps the last quarter of max_syn_backlog for peers it knows.",
    source: "tcp_conn_request in net/ipv4/tcp_input.c; measured for 12 limits; seed-labs #62"
  ) { (choices) throws(CaseEnd) in
    var story = try choices.stackStory([.linux], modes: [.never])
    let backlog = min(story.settings.backlog, story.settings.somaxconn)
    let limit = story.settings.maxSynBacklog
    try choices.play(&story) { (story, before, event) throws(CaseEnd) in
      guard case .syn(let address, let verdict) = event else { return }
      // By the words of the law: a full pool, a full accept queue, less than a quarter left.
      let isReserved = limit - before.halfOpen < limit / 4
      let expected: ListenerVerdict =
        before.halfOpen > backlog
        ? .dropped(.poolFull)
        : isAcceptQueueFull(before, story.settings)
          ? .dropped(.acceptQueueFull)
          : isReserved && !before.friends.contains(address)
            ? .dropped(.reservedForProvenPeers) : .admitted
      try require(verdict == expected, "the verdict is not: \(EventText.verdict(expected))")
      let strangers = min(backlog + 1, limit - limit / 4 + 1)
      try require(
        story.listener.pool.count <= (before.friends.isEmpty ? strangers : backlog + 1),
        "\(story.listener.pool.count) are half-open")
    }
  }

  /// C6.
  static let modeDecides = Property(
    "C6", "syncookies 0 sends no cookie, 2 none but cookies, 1 only when no slot is free.",
    source: "Linux's ip-sysctl, measured; gVisor's test of cookies without overflow"
  ) { (choices) throws(CaseEnd) in
    var story = try choices.stackStory([.linux, .gvisor])
    let isLinux = story.settings.mitigation == .linux
    let slots =
      isLinux
      ? min(story.settings.backlog, story.settings.somaxconn) + 1 : story.settings.backlog
    try choices.play(&story) { (story, before, event) throws(CaseEnd) in
      guard case .syn(_, let verdict) = event else { return }
      let isCookie = verdict == .answeredWithCookie
      let isHeldBack = verdict == .dropped(.acceptQueueFull)
      switch story.settings.syncookies {
      case .never:
        try require(!isCookie, "a cookie is sent that nobody may send")
      case .onOverflow:
        try require(
          before.halfOpen >= slots ? isCookie || isHeldBack : !isCookie,
          "with \(before.halfOpen) of \(slots) slots taken the SYN is "
            + EventText.verdict(verdict))
      case .always:
        try require(
          isCookie || isHeldBack, "the SYN is \(EventText.verdict(verdict)), not given a cookie")
        try require(story.listener.pool.count == 0, "a SYN is remembered besides")
      }
    }
  }

  /// C7.
  static let cookiesNeedAnOverflow = Property(
    "C7", "Linux takes an ACK for a cookie only within 120 s of an overflow; else it draws a RST.",
    source: "tcp_synq_no_recent_overflow, measured: a RST, and no SyncookiesFailed"
  ) { (choices) throws(CaseEnd) in
    let secrets = try choices.secrets()
    var settings = ListenerSettings(mitigation: .linux, backlog: 4)
    settings.syncookies = .always
    // Two listeners of one host share its keys: the first makes a cookie, the second may check it.
    var first = StackStory(settings: settings, secrets: secrets)
    settings.syncookies = try choices.element(of: SyncookiesMode.allCases)
    var second = StackStory(settings: settings, secrets: secrets)
    let second1 = Nanoseconds.seconds(1)
    let start = second1 * Int64(try choices.number(in: 0...600))
    _ = second.pass(start)
    let overflows = try choices.chance(2, in: 3) && settings.syncookies != .never
    if overflows {
      // What always sends cookies overflows with each; what does so under pressure has five slots.
      for address in 0..<6 { _ = second.sendSyn(from: 100 + address) }
    }
    let length = second1 * 120
    let passed = try choices.element(of: [
      length + Nanoseconds(1), length, .zero, second1 * 59, second1 * 121,
    ])
    _ = second.pass(passed)
    _ = first.pass(second.now - .zero)
    _ = first.sendSyn(from: 2)
    guard let cookie = first.handshakes.first?.synAck else {
      throw .violated("the first listener sends no cookie")
    }
    let failed = second.listener.counters.cookiesFailed
    var ack = StackStory.finalAck(of: cookie)
    let isForged = try choices.chance(1, in: 3)
    if isForged { ack.acknowledgment = ack.acknowledgment + (1 << 16) }
    let (verdict, answers) = second.receive(ack)
    choices.note(
      "syncookies \(settings.syncookies.rawValue), \(overflows ? "" : "no ")overflow "
        + "\(passed.count) ns ago, \(isForged ? "forged" : "valid"): \(EventText.verdict(verdict))")
    let isLooked = overflows && passed <= length
    let expected: ListenerVerdict =
      isLooked
      ? isForged ? .dropped(.forgedOrStaleCookie) : .completedByCookie
      : .dropped(.noSuchConnection)
    try require(verdict == expected, "the verdict is not: \(EventText.verdict(expected))")
    try require(
      second.listener.counters.cookiesFailed == failed + (isLooked && isForged ? 1 : 0),
      "SyncookiesFailed counts an ACK that nobody looked at, or not one that was")
    try require(
      expected == .completedByCookie
        ? answers.isEmpty
        : answers.map(\.flags) == [.rst] && answers.first?.sequence == ack.acknowledgment,
      "the answer is not the RST that it should be, or none")
  }

  /// C10.
  static let fullAcceptQueueHoldsBack = Property(
    "C10",
    "With a full accept queue Linux drops SYNs in every mode, and final ACKs; it sends again later.",
    source: "tcp_conn_request and tcp_v4_syn_recv_sock, measured; gVisor's full-backlog test"
  ) { (choices) throws(CaseEnd) in
    var story = try choices.stackStory([.linux, .gvisor])
    try choices.play(&story) { (story, before, event) throws(CaseEnd) in
      guard isAcceptQueueFull(before, story.settings) else { return }
      switch event {
      case .syn(_, let verdict):
        try require(
          verdict == .dropped(.acceptQueueFull) || verdict == .dropped(.poolFull),
          "a SYN is \(EventText.verdict(verdict))")
      case .finalAck(let handshake, let verdict, let answers):
        try checkFinalAck(of: handshake, verdict, answers, story)
      case .other:
        return
      }
    }
    try require(
      story.listener.acceptQueue.count <= acceptCapacity(story.settings),
      "\(story.listener.acceptQueue.count) connections wait")
  }

  /// What a final ACK that finds the accept queue full leaves: an entry whose SYN-ACK comes again, or
  /// with tcp_abort_on_overflow nothing and a RST.
  private static func checkFinalAck(
    of handshake: StackStory.Handshake, _ verdict: ListenerVerdict, _ answers: [Segment],
    _ story: StackStory
  ) throws(CaseEnd) {
    try require(
      verdict != .completed && verdict != .completedByCookie, "a final ACK finds room")
    guard !handshake.isCookie, verdict == .dropped(.acceptQueueFull) else { return }
    if story.settings.mitigation == .linux, story.settings.resetsOnOverflow {
      try require(answers.map(\.flags) == [.rst], "the peer is not reset")
      return
    }
    try require(answers.isEmpty, "a final ACK that is dropped is answered")
    var later = story
    while later.listener.pool.count > 0, let due = later.listener.nextDeadline {
      let again = later.pass(due - later.now)
      if again.contains(where: { $0.destination == handshake.synAck.destination }) { return }
    }
    try require(
      // Its last retransmission may have been before.
      later.now - handshake.begunAt > .seconds(3), "the entry's SYN-ACK is not sent again")
  }

  private static func isAcceptQueueFull(
    _ before: StackStory.Before, _ settings: ListenerSettings
  ) -> Bool { before.waiting >= acceptCapacity(settings) }

  /// One more than was asked for on Linux, measured: 5 of 20 for a backlog of 4.
  private static func acceptCapacity(_ settings: ListenerSettings) -> Int {
    settings.mitigation == .linux
      ? min(settings.acceptQueue, settings.somaxconn) + 1 : settings.acceptQueue
  }
}
