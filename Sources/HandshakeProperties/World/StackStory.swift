import Determinism
import Handshake
import SynCookies
import Wire

/// A listener that meets SYNs as a stack does, and what strangers and friends do to it.
///
/// Every SYN is of a connection that nobody has heard of; whoever has completed one is a friend.
struct StackStory {
  /// A SYN that was answered, and how.
  struct Handshake {
    let address: Int
    let synAck: Segment
    let isCookie: Bool
    let begunAt: Instant
  }

  /// How things stand before something happens.
  struct Before {
    let halfOpen: Int
    let waiting: Int
    let friends: Set<Int>
  }

  /// Something that happened.
  enum Event {
    case syn(from: Int, verdict: ListenerVerdict)
    case finalAck(of: Handshake, verdict: ListenerVerdict, answers: [Segment])
    case other
  }

  /// What the listener was told.
  let settings: ListenerSettings
  /// The present.
  private(set) var now = Instant.zero
  /// The listener.
  private(set) var listener: Listener
  /// The SYNs that were answered and neither completed nor reset since.
  private(set) var handshakes: [Handshake] = []
  /// The addresses that have completed a handshake.
  private(set) var friends: Set<Int> = []
  private var count = 0

  /// Creates a listener with nothing in it.
  init(settings: ListenerSettings, secrets: ListenerSecrets) {
    self.settings = settings
    listener = Listener(
      at: Endpoint(.v4(IPv4Address(192, 0, 2, 1)), port: 8_086), settings: settings,
      secrets: secrets, chance: SeededGenerator(seed: 1))
  }

  /// How things stand.
  var standing: Before {
    Before(
      halfOpen: listener.pool.count, waiting: listener.acceptQueue.count, friends: friends)
  }

  /// Sends a SYN from a port of `address` that was never used.
  mutating func sendSyn(from address: Int, options: TCPOptions = .none) -> ListenerVerdict {
    let syn = Segment(
      from: Endpoint(
        .v4(IPv4Address(rawValue: 0xC612_0000 + UInt32(address))),
        port: UInt16(1_024 + count)),
      to: listener.local, .syn, sequence: SequenceNumber(UInt32(count) &* 0x9E37_79B9),
      window: 65_535, options: options)
    count += 1
    let (verdict, answers) = receive(syn)
    if let synAck = answers.first {
      handshakes.append(
        Handshake(
          address: address, synAck: synAck, isCookie: verdict == .answeredWithCookie, begunAt: now))
    }
    return verdict
  }

  /// Sends the final ACK of a handshake, which is over if that completes it.
  mutating func complete(
    _ place: Int
  ) -> (handshake: Handshake, verdict: ListenerVerdict, answers: [Segment]) {
    let handshake = handshakes[place]
    let (verdict, answers) = receive(Self.finalAck(of: handshake.synAck))
    if verdict == .completed || verdict == .completedByCookie {
      handshakes.remove(at: place)
      friends.insert(handshake.address)
    }
    return (handshake, verdict, answers)
  }

  /// Sends the RST that ends a handshake.
  mutating func reset(_ place: Int) -> ListenerVerdict {
    let synAck = handshakes.remove(at: place).synAck
    return receive(
      Segment(
        from: synAck.destination, to: synAck.source, .rst, sequence: synAck.acknowledgment)
    ).verdict
  }

  /// Lets time pass, and tells what the listener sent by itself.
  mutating func pass(_ length: Nanoseconds) -> [Segment] {
    let end = now + length
    var sent: [Segment] = []
    while let due = listener.nextDeadline, due <= end {
      now = max(now, due)
      listener.advance(to: now, into: &sent)
    }
    now = end
    listener.advance(to: now, into: &sent)
    return sent
  }

  /// Lets the application accept a connection.
  mutating func accept() -> FourTuple? { listener.accept() }

  /// Hands the listener a segment.
  mutating func receive(_ segment: Segment) -> (verdict: ListenerVerdict, answers: [Segment]) {
    var answers: [Segment] = []
    let verdict = listener.receive(segment, at: now, into: &answers)
    return (verdict, answers)
  }

  /// The ACK that answers a SYN-ACK, its timestamps echoed.
  static func finalAck(of synAck: Segment) -> Segment {
    Segment(
      from: synAck.destination, to: synAck.source, .ack, sequence: synAck.acknowledgment,
      acknowledgment: synAck.sequence + 1, window: 65_535,
      options: TCPOptions(
        timestamps: synAck.options.timestamps.map {
          TCPTimestamps(value: 77, echoReply: $0.value)
        }))
  }
}

extension Choices {
  /// Draws a listener of one of the `stacks`, with small limits.
  mutating func stackStory(
    _ stacks: [Mitigation], modes: [SyncookiesMode] = SyncookiesMode.allCases
  ) throws(CaseEnd) -> StackStory {
    var settings = ListenerSettings(
      mitigation: try element(of: stacks), backlog: try number(in: 0...6),
      acceptQueue: try number(in: 0...4))
    settings.syncookies = try element(of: modes)
    settings.maxSynBacklog = try element(of: [2_048, 4, 5, 7, 8, 16])
    settings.somaxconn = try element(of: [4_096, 3])
    settings.resetsOnOverflow = try chance(1, in: 3)
    settings.timerPhase = Int64(try number(in: 0...15_000))
    note(
      "\(settings.mitigation.rawValue), syncookies \(settings.syncookies.rawValue), backlog "
        + "\(settings.backlog), accept queue \(settings.acceptQueue), somaxconn "
        + "\(settings.somaxconn), max_syn_backlog \(settings.maxSynBacklog)")
    return StackStory(settings: settings, secrets: try secrets())
  }

  /// Draws up to `limit` events, lets them happen, and shows `check` each and how things stood before.
  ///
  /// - Throws: What `check` throws.
  mutating func play(
    _ story: inout StackStory, upTo limit: Int = 40,
    check: (StackStory, StackStory.Before, StackStory.Event) throws(CaseEnd) -> Void
  ) throws(CaseEnd) {
    var steps = 0
    while steps < limit, try chance(UInt64(limit), in: UInt64(limit) + 1) {
      steps += 1
      let before = story.standing
      let event = try storyEvent(&story)
      try check(story, before, event)
    }
  }

  private mutating func storyEvent(
    _ story: inout StackStory
  ) throws(CaseEnd) -> StackStory.Event {
    let last = story.handshakes.count - 1
    switch try number(in: 0...11) {
    case 6...8 where last >= 0:
      let (handshake, verdict, answers) = story.complete(try number(in: 0...last))
      note(
        "\(EventText.time(story.now))  final ACK from \(handshake.synAck.destination): "
          + EventText.verdict(verdict))
      return .finalAck(of: handshake, verdict: verdict, answers: answers)
    case 9 where last >= 0:
      let verdict = story.reset(try number(in: 0...last))
      note("\(EventText.time(story.now))  RST: \(EventText.verdict(verdict))")
    case 10:
      let sent = story.pass(.milliseconds(Int64(try number(in: 1...4_000))))
      note("\(EventText.time(story.now))  \(sent.count) SYN-ACKs were sent again")
    case 11:
      let accepted = story.accept()
      note("\(EventText.time(story.now))  accepts \(accepted?.peer.description ?? "nobody")")
    default:
      let address = try number(in: 2...7)
      let verdict = story.sendSyn(from: address)
      note(
        "\(EventText.time(story.now))  SYN from host \(address): \(EventText.verdict(verdict)); "
          + "half-open: \(story.listener.pool.count)")
      return .syn(from: address, verdict: verdict)
    }
    return .other
  }
}
