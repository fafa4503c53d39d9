import Determinism
import Handshake
import SynCookies
import Wire

/// What a cookie proves, and what it costs.
enum CookieLaws {
  /// C1.
  static let honestPeersPass = Property(
    "C1",
    "A cookie that comes back in its second or the next is accepted; its options are forgotten.",
    source: "RFC 4987 §3.6 and appendix A; the salted scheme carries no MSS"
  ) { (choices) throws(CaseEnd) in
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

  /// C3.
  static let cookieBindsItsConnection = Property(
    "C3", "A cookie is good for its own addresses, ports and secret only.",
    source: "RFC 4987 §3.6; a chance of 2 in 4,294,967,296 remains for every try"
  ) { (choices) throws(CaseEnd) in
    let tuple = try choices.tupleAtListener()
    let now = try choices.anyInstant()
    let secret = SipKey(low: try choices.choice(upTo: .max), high: try choices.choice(upTo: .max))
    var scheme = SaltedCookie(secret: secret)
    let cookie = scheme.make(for: tuple, at: now)
    try require(scheme.check(cookie, for: tuple, at: now).isValid, "its own cookie is refused")
    var other = tuple
    var otherSecret = secret
    let change = try choices.number(in: 0...5)
    let bit = UInt16(1) << UInt16(try choices.number(in: 0...15))
    switch change {
    case 0: other.peer.port ^= bit
    case 1: other.local.port ^= bit
    case 2: other.peer.address = flipped(other.peer.address, try choices.number(in: 0...127))
    case 3: other.local.address = flipped(other.local.address, try choices.number(in: 0...127))
    case 4: other = other.reversed
    default:
      otherSecret = SipKey(low: secret.low ^ UInt64(bit), high: secret.high)
    }
    choices.note("cookie \(cookie.rawValue) of \(tuple) comes back for \(other)")
    var otherScheme = SaltedCookie(secret: otherSecret)
    try require(
      !otherScheme.check(cookie, for: other, at: now).isValid, "the cookie is accepted there too")
  }

  /// C4.
  static let oldCookiesAreRefused = Property(
    "C4", "A cookie is good in its second and the next, and at no other time.",
    source: "the salted scheme's definition; gVisor and Linux test the same of theirs"
  ) { (choices) throws(CaseEnd) in
    let tuple = try choices.tupleAtListener()
    let madeAt = try choices.anyInstant()
    var scheme = SaltedCookie(
      secret: SipKey(low: try choices.choice(upTo: .max), high: try choices.choice(upTo: .max)))
    let cookie = scheme.make(for: tuple, at: madeAt)
    let seconds = Int64(try choices.element(of: [2, 1, 0, -1, 3, 60, 1 << 32, -(1 << 32)]))
    let nudge = Int64(try choices.element(of: [0, -1, 1, 999_999_999]))
    let start = madeAt.nanoseconds - remainder(of: madeAt)
    let checkedAt =
      Instant(nanoseconds: start) + Nanoseconds.seconds(seconds) + Nanoseconds(nudge)
    let verdict = scheme.check(cookie, for: tuple, at: checkedAt)
    choices.note("made at \(madeAt.nanoseconds) ns, checked at \(checkedAt.nanoseconds) ns")
    let elapsed = second(of: checkedAt) - second(of: madeAt)
    let expected: CookieVerdict =
      elapsed == 0 || elapsed == 1
      ? .accepted(RecoveredCookie(age: Int(elapsed))) : .refused(.hashDiffers)
    try require(
      verdict == expected, "after \(elapsed) changes of salt the verdict is \(verdict)")
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

  private static func second(of instant: Instant) -> Int64 {
    (instant.nanoseconds - remainder(of: instant)) / 1_000_000_000
  }

  /// Nanoseconds since the second began, before the origin too.
  private static func remainder(of instant: Instant) -> Int64 {
    let rest = instant.nanoseconds % 1_000_000_000
    return rest < 0 ? rest + 1_000_000_000 : rest
  }

  private static func flipped(_ address: IPAddress, _ bit: Int) -> IPAddress {
    switch address {
    case .v4(let address): .v4(IPv4Address(rawValue: address.rawValue ^ 1 << UInt32(bit % 32)))
    case .v6(let address):
      bit < 64
        ? .v6(IPv6Address(high: address.high, low: address.low ^ 1 << UInt64(bit)))
        : .v6(IPv6Address(high: address.high ^ 1 << UInt64(bit - 64), low: address.low))
    }
  }
}

extension Choices {
  /// Draws an instant: near the origin, near an edge of a second, before the origin, or anywhere in
  /// a span of centuries.
  fileprivate mutating func anyInstant() throws(CaseEnd) -> Instant {
    let seconds = try element(of: [0, 1, 59, -1, -2, 1 << 31, 1 << 32, -(1 << 32)])
    let nanoseconds = Int64(try choice(upTo: 999_999_999))
    return Instant(nanoseconds: Int64(seconds) * 1_000_000_000 + nanoseconds)
  }

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
