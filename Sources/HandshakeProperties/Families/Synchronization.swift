import Determinism
import Handshake
import Wire

/// What the three-way handshake is for: both ends agree on both numbers, and old segments deceive
/// neither.
enum Synchronization {
  /// S2.
  static let bothEndsAgree = Property(
    "S2", "When both ends are ESTABLISHED, each knows the other's numbers.",
    source: "RFC 9293 §3.5; Tomlinson 1975; Dalal and Sunshine 1978"
  ) { (choices) throws(CaseEnd) in
    var world = try choices.world()
    try choices.playWorld(&world) { (world, _) throws(CaseEnd) in
      guard world.client.state == .established, let connection = world.connection,
        connection.state == .established
      else { return }
      try checkNumbers(of: world.client, and: connection, whose: "client")
      try checkNumbers(of: connection, and: world.client, whose: "listener")
    }
  }

  /// S3.
  static let onlyItsOwnNumberEstablishes = Property(
    "S3", "A listener establishes only on an ACK of a number that it sent in this handshake.",
    source: "RFC 9293 §3.5, \"old duplicate SYN\""
  ) { (choices) throws(CaseEnd) in
    var world = try choices.world()
    var offered: [(number: SequenceNumber, at: Instant)] = []
    try choices.playWorld(&world) { (world, happening) throws(CaseEnd) in
      switch happening {
      case .listenerReceived(let segment, let verdict, let before, let answers):
        if before == nil, world.connection != nil {
          try require(
            segment.flags.contains(.ack) && !segment.flags.contains(.syn)
              && isOffered(segment, among: offered, at: world.now, keepsState: world.mayRestart),
            "the listener became ESTABLISHED on \(EventText.segment(segment))")
        }
        switch verdict {
        case .admitted, .admittedEvicting: offered = []
        case .entryReset, .answeredWithCookie, .answeredAgain, .completed, .completedByCookie,
          .challenged, .deliveredToConnection, .dropped:
          break
        }
        offered += synAcks(among: answers, at: world.now)
      case .timePassed, .clientReceived, .lost, .accepted, .restarted:
        return
      }
    }
  }

  /// S5.
  static let oneAcceptPerHandshake = Property(
    "S5", "A handshake is accepted once, however often its segments arrive and in what order.",
    source: "RFC 9293 §3.5; gVisor's tests of the delivered-once rule"
  ) { (choices) throws(CaseEnd) in
    var world = try choices.world()
    var completed: [SequenceNumber] = []
    var accepted = 0
    try choices.playWorld(&world) { (world, happening) throws(CaseEnd) in
      switch happening {
      case .listenerReceived(_, let verdict, before: _, answers: _):
        guard verdict == .completed || verdict == .completedByCookie,
          let number = world.connection?.initialReceiveSequence
        else { return }
        try require(
          !completed.contains(number),
          "the handshake that began with SYN \(number.rawValue) was completed twice")
        completed.append(number)
      case .accepted(let tuple):
        accepted += tuple == nil ? 0 : 1
      case .clientReceived, .lost, .timePassed, .restarted:
        return
      }
    }
    try require(
      accepted + world.listener.acceptQueue.count <= completed.count,
      "\(completed.count) handshakes were completed, and more connections than that handed over")
  }

  private static func checkNumbers(
    of end: Connection, and other: Connection, whose: String
  ) throws(CaseEnd) {
    try require(
      end.initialReceiveSequence == other.initialSendSequence,
      "the \(whose)'s IRS is \(end.initialReceiveSequence?.rawValue ?? 0), the peer's ISS "
        + "\(other.initialSendSequence.rawValue)")
    try require(
      end.sendUnacknowledged == end.initialSendSequence + 1, "the \(whose)'s SND.UNA is not ISS + 1"
    )
    try require(
      end.receiveNext == other.initialSendSequence + 1, "the \(whose)'s RCV.NXT is not IRS + 1")
  }

  private static func synAcks(
    among segments: [Segment], at now: Instant
  ) -> [(number: SequenceNumber, at: Instant)] {
    segments.filter { $0.flags.isSuperset(of: [.syn, .ack]) }.map { ($0.sequence, now) }
  }

  /// Tells whether `segment` acknowledges a SYN-ACK of this handshake; one that was a cookie counts
  /// for two seconds at most.
  private static func isOffered(
    _ segment: Segment, among offered: [(number: SequenceNumber, at: Instant)], at now: Instant,
    keepsState: Bool
  ) -> Bool {
    offered.contains { number, sentAt in
      segment.acknowledgment == number + 1 && (keepsState || now - sentAt < .seconds(2))
    }
  }
}
