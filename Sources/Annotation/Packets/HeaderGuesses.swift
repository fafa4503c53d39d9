import Determinism
import Wire

/// What a capture's TCP segments were, where it kept no more of them than ports: by their order and
/// lengths the first three between two ends can look like a handshake.
///
/// A guess, and said to be one; but whoever captured with too short a snaplen has nothing better.
struct HeaderGuesses: Sendable {
  private var stages: [FlowKey: Stage] = [:]

  /// How far the packets between two ends came to look like a handshake.
  private struct Stage: Sendable {
    var client: Endpoint
    var clientNumber: SequenceNumber
    var serverNumber: SequenceNumber?
    var isComplete = false
  }

  /// So many pairs of ends are followed.
  private static let limit = 10_000
  /// Header lengths: without data, and with options at the most.
  private static let headerOctets = 20...60

  /// Makes a segment of what a cut header shows; nil when it does not look like part of a handshake.
  mutating func guess(
    _ start: TCPHeaderStart, octets: Int,
    between addresses: (source: IPAddress, destination: IPAddress), _ facts: FrameFacts,
    number: Int
  ) -> ObservedSegment? {
    guard Self.headerOctets.contains(octets) else { return nil }
    let source = Endpoint(addresses.source, port: start.sourcePort)
    let destination = Endpoint(addresses.destination, port: start.destinationPort)
    let key = FlowKey.of(source, destination).key
    let make = { (flags: TCPFlags, sequence: SequenceNumber, acknowledgment: SequenceNumber?) in
      ObservedSegment(
        frame: number, time: facts.time ?? .zero, isTimed: facts.time != nil, source: source,
        destination: destination, flags: flags, sequence: sequence,
        acknowledgment: acknowledgment ?? SequenceNumber(0), window: 0, options: .none,
        optionsEnding: .cut(offset: 0), dataLength: 0, stamp: nil, checksum: .uncheckable,
        hopLimit: 0, identification: UInt16(truncatingIfNeeded: number), hasAE: false,
        isInferred: true)
    }
    guard var stage = stages[key] else {
      guard stages.count < Self.limit else { return nil }
      let first = start.sequence ?? SequenceNumber(0)
      stages[key] = Stage(client: source, clientNumber: first)
      return make(.syn, first, nil)
    }
    guard !stage.isComplete else { return nil }
    defer { stages[key] = stage }
    switch (stage.serverNumber, stage.client == source) {
    case (nil, true):
      return make(.syn, stage.clientNumber, nil)
    case (nil, false), (.some, false):
      let first = stage.serverNumber ?? start.sequence ?? SequenceNumber(0)
      stage.serverNumber = first
      return make([.syn, .ack], first, stage.clientNumber + 1)
    case (let answered?, true):
      stage.isComplete = true
      return make(.ack, stage.clientNumber + 1, answered + 1)
    }
  }
}
