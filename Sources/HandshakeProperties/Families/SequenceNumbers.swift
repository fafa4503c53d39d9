import Determinism
import Handshake
import SynCookies
import Wire

/// That nobody can tell a connection's first number who has not seen it, and none comes back soon.
enum SequenceNumbers {
  /// S24.
  static let clockAndSecretDecide = Property(
    "S24",
    "A connection's first number advances with the clock; those of two connections are unrelated.",
    source: "RFC 9293 §3.4.1; RFC 6528 §3", usualCases: 1_000
  ) { (choices) throws(CaseEnd) in
    if try choices.chance(1, in: 4) {
      try numbersAreUnrelated(&choices)
    } else {
      try numberAdvances(&choices)
    }
  }

  /// Both kinds of opener, the second time after a whole number of ticks of 4 µs.
  private static func numberAdvances(_ choices: inout Choices) throws(CaseEnd) {
    let tuple = try choices.tupleAtListener()
    let start = Nanoseconds(Int64(try choices.choice(upTo: 40_000_000_000_000)))
    let ticks = try choices.edge(of: [1, 0, 250, 1 << 31, .max, 250_000])
    let length = Nanoseconds.microseconds(4) * Int64(ticks)
    let numbers = try choices.numbers()
    let first = firstNumber(of: tuple, numbers: numbers, at: .zero + start)
    let second = firstNumber(of: tuple, numbers: numbers, at: .zero + start + length)
    choices.note("active: \(first.rawValue), \(ticks) ticks later \(second.rawValue)")
    try require(
      first.distance(to: second) == ticks, "the active opener's number does not follow the clock")

    // Longer, and an entry of the first SYN would still be there.
    var settings = ListenerSettings(mitigation: .pool, backlog: 1)
    settings.halfOpenLifetime = .microseconds(1)
    var flooded = FloodedListener(
      at: tuple.local, settings: settings, secrets: try choices.secrets())
    flooded.pass(start)
    let syn = Segment(
      from: tuple.peer, to: tuple.local, .syn, sequence: try choices.sequenceNumber())
    let before = flooded.receive(syn)
    flooded.pass(length)
    let after = flooded.receive(syn)
    let sequences = [before, after].flatMap(\.answers).map(\.sequence)
    choices.note("passive: \(sequences.map(\.rawValue))")
    guard sequences.count == 2 else { throw .violated("a SYN was not answered") }
    try require(
      sequences[0].distance(to: sequences[1]) == ticks,
      "the listener's number does not follow the clock")
  }

  /// Neighbours in the space of names, addresses and secrets, at one instant.
  ///
  /// Of two unrelated numbers one lies within 2²⁰ of the other by a chance of 2⁻¹¹, and so does a
  /// difference of the difference before. That five of thirty-one do, which is what is called
  /// related here, has a chance below 169,911 · 2⁻⁵⁵, or 5·10⁻¹².
  private static func numbersAreUnrelated(_ choices: inout Choices) throws(CaseEnd) {
    let tuple = try choices.tupleAtListener()
    let secret = SipKey(low: try choices.choice(upTo: .max), high: try choices.choice(upTo: .max))
    let kind = try choices.number(in: 0...3)
    let now = Instant(nanoseconds: Int64(try choices.choice(upTo: 20_000_000_000_000)))
    let numbers = (0..<32).map { step in
      firstNumber(
        of: kind < 3 ? neighbor(step, of: tuple, kind: kind) : tuple,
        numbers: SequenceNumberSource(
          secret: kind < 3 ? secret : SipKey(low: secret.low &+ UInt64(step), high: secret.high)),
        at: now)
    }
    let names = ["peer ports", "local ports", "peer addresses", "secrets"]
    choices.note("numbers of neighbouring \(names[kind]): \(numbers.map(\.rawValue))")
    let steps = zip(numbers, numbers.dropFirst()).map { $0.distance(to: $1) }
    let changes = zip(steps, steps.dropFirst()).map { $1 &- $0 }
    for (distances, name) in [(steps, "numbers"), (changes, "steps")] {
      let near = distances.filter { $0 &+ (1 << 20) <= 1 << 21 }.count
      try require(near < 5, "\(near) of \(distances.count) neighbouring \(name) lie close together")
    }
  }

  private static func firstNumber(
    of tuple: FourTuple, numbers: SequenceNumberSource, at now: Instant
  ) -> SequenceNumber {
    var sent: [Segment] = []
    return Connection(
      opening: tuple, numbers: numbers, settings: StackSettings(), at: now, into: &sent
    ).initialSendSequence
  }

  private static func neighbor(_ step: Int, of tuple: FourTuple, kind: Int) -> FourTuple {
    var other = tuple
    let step16 = UInt16(truncatingIfNeeded: step)
    switch (kind, tuple.peer.address) {
    case (0, _): other.peer.port &+= step16
    case (1, _): other.local.port &+= step16
    case (_, .v4(let address)):
      other.peer.address = .v4(IPv4Address(rawValue: address.rawValue &+ UInt32(step16)))
    case (_, .v6(let address)):
      other.peer.address = .v6(
        IPv6Address(high: address.high, low: address.low &+ UInt64(step16)))
    }
    return other
  }
}
