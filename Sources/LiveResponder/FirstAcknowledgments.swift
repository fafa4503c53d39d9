internal import Wire

/// The loss of each client's final ACK, once: what a server that speaks first comes to grief on.
///
/// The first segment from a client's address and port that is a pure ACK gets lost; a client whose
/// SYN shows that it starts anew loses another one.
struct FirstAcknowledgments {
  /// The clients whose ACK has been lost.
  private var answered: Set<Endpoint> = []
  private(set) var lost = 0

  /// More clients than this are not kept apart: those of before are forgotten.
  private static let mostClients = 65_536

  /// Whether a segment that came in is to get lost.
  mutating func loses(_ segment: Segment) -> Bool {
    if segment.flags.contains(.syn) { answered.remove(segment.source) }
    let decisive = segment.flags.intersection([.syn, .ack, .rst, .fin, .psh])
    guard decisive == .ack, segment.payload.isEmpty else { return false }
    if answered.count >= Self.mostClients { answered.removeAll(keepingCapacity: true) }
    guard answered.insert(segment.source).inserted else { return false }
    lost += 1
    return true
  }
}
