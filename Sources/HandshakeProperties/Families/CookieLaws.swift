import Determinism
import Handshake
import SynCookies
import Wire

/// What a cookie proves, and what it costs.
enum CookieLaws {
  /// C1.
  static let honestPeersPass = Property(
    "C1",
    "A cookie that comes back while it is good is accepted, and says what its scheme can hold.",
    source: "RFC 4987 §3.6 and appendix A; each stack's table of segment sizes"
  ) { (choices) throws(CaseEnd) in
    if try choices.chance(1, in: 2) {
      try CookieSchemes.cookieSpeaks(&choices)
    } else {
      try cookieCompletes(&choices)
    }
  }

  private static func cookieCompletes(_ choices: inout Choices) throws(CaseEnd) {
    var flooded = try cookieListener(&choices)
    let tuple = try choices.tupleAtListener(of: flooded)
    let sentAt = flooded.now
    let syn = Segment(
      from: tuple.peer, to: tuple.local, .syn, sequence: try choices.sequenceNumber(),
      options: try choices.synOptions())
    guard let synAck = flooded.receive(syn).answers.first else {
      throw .violated("the SYN was not answered")
    }
    let second = Int64(1_000_000_000)
    let left = 2 * second - sentAt.nanoseconds % second - 1
    let age = Nanoseconds(left - Int64(try choices.choice(upTo: UInt64(left))))
    flooded.pass(age)
    choices.note("made at \(sentAt.nanoseconds) ns, back after \(age.count) ns")
    let verdict = flooded.receive(
      Segment(
        from: tuple.peer, to: tuple.local, .ack, sequence: syn.sequence + 1,
        acknowledgment: synAck.sequence + 1)
    ).verdict
    try require(verdict == .completedByCookie, "the verdict is: \(EventText.verdict(verdict))")
    guard let connection = flooded.listener.connection(tuple) else {
      throw .violated("there is no connection")
    }
    let expected: UInt16 =
      switch tuple.peer.address {
      case .v4: 536
      case .v6: 1_220
      }
    let agreement = connection.agreement
    try require(
      agreement.peerMaximumSegmentSize == expected && agreement.sendShift == 0 && !agreement.sack
        && agreement.timestampToEcho == nil,
      "the connection remembers \(agreement)")
    try require(
      connection.initialReceiveSequence == syn.sequence
        && connection.initialSendSequence == synAck.sequence, "the connection's numbers are wrong")
  }

  /// C5.
  static let cookiesCostNothing = Property(
    "C5", "Answering with a cookie keeps nothing: no entry, no timer, no second SYN-ACK.",
    source: "RFC 4987 §3.6; gVisor's packet test of its cookies"
  ) { (choices) throws(CaseEnd) in
    var flooded = try choices.floodedListener(mitigations: [.cookies, .hybrid])
    try choices.playFlood(&flooded, upTo: 20) { (_) throws(CaseEnd) in }
    let pool = flooded.listener.pool.count
    let connections = flooded.listener.connectionCount
    let deadline = flooded.listener.nextDeadline
    let visitors = flooded.listener.visitors.count
    var answered = 0
    for _ in 0..<(try choices.number(in: 1...10)) {
      let tuple = try choices.tupleAtListener(of: flooded)
      guard flooded.entry(of: tuple) == nil, flooded.listener.connection(tuple) == nil,
        !flooded.listener.visitors.knows(tuple.peer.address, at: flooded.now)
      else { continue }
      let syn = Segment(
        from: tuple.peer, to: tuple.local, .syn, sequence: try choices.sequenceNumber())
      let (verdict, answers) = flooded.receive(syn)
      choices.note("\(tuple.peer) sends a SYN: \(EventText.verdict(verdict))")
      try require(
        verdict == .answeredWithCookie && answers.map(\.flags) == [[.syn, .ack]],
        "a stranger's SYN was not answered with a cookie but \(EventText.verdict(verdict))")
      answered += 1
    }
    guard answered > 0 else { throw .rejected }
    try require(
      flooded.listener.pool.count == pool && flooded.listener.connectionCount == connections
        && flooded.listener.visitors.count == visitors, "something was kept")
    try require(flooded.listener.nextDeadline == deadline, "a timer was set")
  }

  /// C8.
  static let replayMakesNoConnection = Property(
    "C8", "An ACK that is replayed, however often, makes one connection.",
    source: "the delivered-once rule of S5, for cookies: RFC 4987 §3.6"
  ) { (choices) throws(CaseEnd) in
    var flooded = try cookieListener(&choices)
    let tuple = try choices.tupleAtListener(of: flooded)
    let syn = Segment(
      from: tuple.peer, to: tuple.local, .syn, sequence: try choices.sequenceNumber())
    guard let synAck = flooded.receive(syn).answers.first else {
      throw .violated("the SYN was not answered")
    }
    var final = Segment(
      from: tuple.peer, to: tuple.local, .ack, sequence: syn.sequence + 1,
      acknowledgment: synAck.sequence + 1, window: 65_535)
    final.payload = try choices.octets(upTo: 2)
    var accepted = 0
    try require(flooded.receive(final).verdict == .completedByCookie, "the cookie is refused")
    for _ in 0..<(try choices.number(in: 1...6)) {
      if try choices.chance(1, in: 3) { accepted += flooded.accept() == nil ? 0 : 1 }
      flooded.pass(.milliseconds(Int64(try choices.number(in: 0...900))))
      let verdict = flooded.receive(final).verdict
      choices.note("\(EventText.time(flooded.now))  the ACK again: \(EventText.verdict(verdict))")
      try require(
        verdict == .deliveredToConnection, "the verdict is: \(EventText.verdict(verdict))")
    }
    try require(
      flooded.listener.counters.completed == 1 && flooded.listener.connectionCount == 1
        && accepted + flooded.listener.acceptQueue.count == 1,
      "\(flooded.listener.counters.completed) connections came of it")
    try require(
      flooded.listener.connection(tuple)?.received == final.payload, "the data is there twice")
  }

  /// C9.
  static let timestampsKeepOptions = Property(
    "C9",
    "After a Linux cookie window scale, SACK and ECN hold if the peer sends timestamps, else not.",
    source: "cookie_init_timestamp and cookie_timestamp_decode in net/ipv4/syncookies.c; measured"
  ) { (choices) throws(CaseEnd) in
    var settings = ListenerSettings(mitigation: .linux, backlog: 4)
    settings.syncookies = .always
    settings.stack = try choices.stackSettings()
    let secrets = try choices.secrets()
    var story = StackStory(settings: settings, secrets: secrets)
    _ = story.pass(.milliseconds(Int64(try choices.number(in: 0...200_000))))
    let offer = try choices.synOptions()
    _ = story.sendSyn(from: 2, options: offer)
    guard let synAck = story.handshakes.first?.synAck else {
      throw .violated("no cookie is sent")
    }
    choices.note(
      "the SYN offers \(EventText.options(offer)), the SYN-ACK \(EventText.options(synAck.options))"
    )
    let host = settings.stack
    let hasTimestamps = offer.timestamps != nil && host.offersTimestamps
    let hasScale = hasTimestamps && offer.windowScale != nil && host.windowScale != nil
    let hasSack = hasTimestamps && offer.sackPermitted && host.offersSack
    let scale = offer.windowScale.map { min($0, 14) }
    try require(
      (synAck.options.timestamps != nil) == hasTimestamps
        && synAck.options.windowScale == (hasScale ? host.windowScale : nil)
        && synAck.options.sackPermitted == hasSack,
      "the SYN-ACK answers other options than a cookie keeps")
    if let clock = synAck.options.timestamps?.value {
      let offset = SequenceNumberSource(secret: secrets.sequenceNumbers)
        .timestampOffset(for: synAck.tupleAtReceiver.reversed)
      let bits = UInt32(hasScale ? scale ?? 15 : 15) | (hasSack ? 0x10 : 0)
      try require(
        (clock &- offset) & 0x3F == bits, "the low bits of TSval are \((clock &- offset) & 0x3F)")
    }
    try require(story.complete(0).verdict == .completedByCookie, "the cookie is refused")
    guard let agreement = story.listener.connection(synAck.tupleAtReceiver.reversed)?.agreement
    else { throw .violated("there is no connection") }
    choices.note("the connection holds to \(agreement)")
    try require(
      agreement.sendShift == (hasScale ? scale ?? 0 : 0)
        && agreement.receiveShift == (hasScale ? host.windowScale : nil)
        && agreement.sack == hasSack && agreement.timestampToEcho == (hasTimestamps ? 77 : nil),
      "the connection holds to other options than both ends sent")
  }

  private static func cookieListener(
    _ choices: inout Choices
  ) throws(CaseEnd) -> FloodedListener {
    let mitigation = try choices.element(of: [Mitigation.cookies, .hybrid])
    let local = Endpoint(
      try choices.address(isVersion6: try choices.chance(1, in: 2), host: 1...1), port: 8_086)
    var flooded = FloodedListener(
      at: local, settings: ListenerSettings(mitigation: mitigation, backlog: 2),
      secrets: try choices.secrets())
    flooded.pass(Nanoseconds(Int64(try choices.choice(upTo: 5_000_000_000))))
    return flooded
  }
}

extension Choices {
  /// Draws the name of a connection to that listener.
  fileprivate mutating func tupleAtListener(
    of flooded: FloodedListener
  ) throws(CaseEnd) -> FourTuple {
    let isVersion6 =
      switch flooded.listener.local.address {
      case .v4: false
      case .v6: true
      }
    let peer = try address(isVersion6: isVersion6, host: 2...9)
    return FourTuple(
      local: flooded.listener.local,
      peer: Endpoint(peer, port: UInt16(try number(in: 40_000...40_003))))
  }
}
