import Determinism
import Handshake
import Wire

/// How large the segments are that a peer gets.
enum SegmentSizes {
  /// S21.
  static let announcedSizeIsKept = Property(
    "S21",
    "No MSS, and one of 0, mean 536 octets or 1220 by family; tiny ones are raised; none is passed.",
    source: "RFC 9293 §3.7.1; Linux's TCP_MIN_SND_MSS; smoltcp's tests of MSS 0"
  ) { (choices) throws(CaseEnd) in
    let tuple = try choices.tupleAtListener()
    let announced: UInt16? =
      try choices.chance(4, in: 5)
      ? UInt16(
        truncatingIfNeeded: try choices.edge(
          of: [0, 1, 12, 13, 47, 48, 49, 536, 1_220, 1_460, 65_535], orUpTo: 65_535)) : nil
    var offer = try choices.synOptions()
    offer.maximumSegmentSize = announced
    let expected = expectedSize(announced, peer: tuple.peer.address)
    choices.note(
      "\(tuple.peer) announces \(announced.map(String.init) ?? "nothing"), which means \(expected)")
    try checkListener(tuple, offer: offer, expected: expected, &choices)
    try checkActiveOpener(tuple, offer: offer, expected: expected, &choices)
  }

  /// By the words of the RFC, and 48 octets of Linux's: the least that carries data beside 40 octets
  /// of options.
  private static func expectedSize(_ announced: UInt16?, peer: IPAddress) -> Int {
    switch (announced, peer) {
    case (nil, .v4), (0, .v4): 536
    case (nil, .v6), (0, .v6): 1_220
    case (let size?, _): max(48, Int(size))
    }
  }

  private static func checkListener(
    _ tuple: FourTuple, offer: TCPOptions, expected: Int, _ choices: inout Choices
  ) throws(CaseEnd) {
    var flooded = FloodedListener(
      at: tuple.local, settings: ListenerSettings(mitigation: .pool, backlog: 1),
      secrets: try choices.secrets())
    let syn = Segment(
      from: tuple.peer, to: tuple.local, .syn, sequence: try choices.sequenceNumber(),
      window: 65_535, options: offer)
    guard let synAck = flooded.receive(syn).answers.first else {
      throw .violated("the SYN was not answered")
    }
    _ = flooded.receive(
      Segment(
        from: tuple.peer, to: tuple.local, .ack, sequence: synAck.acknowledgment,
        acknowledgment: synAck.sequence + 1, window: 65_535))
    guard let connection = flooded.listener.connection(tuple) else {
      throw .violated("the final ACK did not complete the handshake")
    }
    try checkSegments(of: connection, expected: expected)
  }

  private static func checkActiveOpener(
    _ tuple: FourTuple, offer: TCPOptions, expected: Int, _ choices: inout Choices
  ) throws(CaseEnd) {
    var sent: [Segment] = []
    var connection = Connection(
      opening: tuple, numbers: try choices.numbers(), settings: StackSettings(), at: .zero,
      into: &sent)
    connection.receive(
      Segment(
        from: tuple.peer, to: tuple.local, [.syn, .ack], sequence: try choices.sequenceNumber(),
        acknowledgment: connection.sendNext, window: 65_535, options: offer),
      at: .zero, into: &sent)
    try checkSegments(of: connection, expected: expected)
  }

  /// Lets the connection send more than fits one segment, and looks at what leaves.
  private static func checkSegments(of connection: Connection, expected: Int) throws(CaseEnd) {
    try require(
      Int(connection.agreement.peerMaximumSegmentSize) == expected,
      "the connection holds \(connection.agreement.peerMaximumSegmentSize) for the peer's MSS")
    var connection = connection
    var sent: [Segment] = []
    let octets = min(expected + 100, 60_000)
    connection.send([UInt8](repeating: 0x61, count: octets), at: .zero, into: &sent)
    // The MSS counts no options: the twelve octets of the timestamps come off it.
    let room = sent.first?.options.timestamps == nil ? expected : expected - 12
    try require(
      sent.first?.payload.count == min(room, octets),
      "the first segment carries \(sent.first?.payload.count ?? 0) octets, not \(room)")
    try require(
      sent.allSatisfy { $0.payload.count <= room }
        && sent.reduce(0) { $0 + $1.payload.count } == octets,
      "segments of \(sent.map(\.payload.count)) octets leave")
  }
}
