public import Determinism
public import Wire

/// One connection, or one attempt at it, as the capture shows it.
public struct AnnotatedFlow: Hashable, Sendable {
  /// Its number, from 0, in the order in which flows began.
  public let number: Int
  /// Who opened, or is taken for it.
  public let client: Endpoint
  /// Who was asked.
  public let server: Endpoint

  let tracker: FlowTracker

  init(number: Int, client: Endpoint, server: Endpoint, tracker: FlowTracker) {
    self.number = number
    self.client = client
    self.server = server
    self.tracker = tracker
  }

  /// How it is known which end is which.
  public var basis: RoleBasis { tracker.basis }
  /// What became of it.
  public var verdict: FlowVerdict { tracker.verdict }
  /// How sure the verdict is.
  public var confidence: Confidence { tracker.confidence }
  /// The frames that the verdict rests on, at most 16, in rising order.
  public var evidence: [Int] { tracker.evidence }
  /// The number of the frame with its first segment.
  public var firstFrame: Int { Int(tracker.firstFrame) }
  /// The number of the frame with its last segment.
  public var lastFrame: Int { Int(tracker.lastFrame) }
  /// When the first segment was captured, since 1970.
  public var firstTime: Instant { tracker.firstTime }
  /// When the last segment was captured, since 1970.
  public var lastTime: Instant { tracker.lastTime }
  /// Its segments, those captured twice included.
  public var packetCount: Int { Int(tracker.packetCount) }
  /// SYNs without ACK, duplicates and corrupt ones left out.
  public var synCount: Int { Int(tracker.synCount) }
  /// SYN-ACKs, duplicates and corrupt ones left out.
  public var synAckCount: Int { Int(tracker.synAckCount) }
  /// Frames that were captured a second time.
  public var duplicateCount: Int { Int(tracker.duplicateCount) }
  /// The client's initial sequence number; nil when neither seen nor acknowledged.
  public var clientNumber: SequenceNumber? { tracker.client.initial }
  /// The server's initial sequence number, of several the one that was acknowledged; nil when
  /// neither seen nor acknowledged.
  public var serverNumber: SequenceNumber? {
    tracker.answeredSynAck?.number ?? tracker.server.initial
  }
  /// The options of the client's first SYN; nil when they were not captured whole.
  public var clientOffer: TCPOptions? { tracker.clientOffer }
  /// The options of the server's first SYN-ACK; nil when they were not captured whole.
  public var serverOffer: TCPOptions? { tracker.serverOffer }
  /// How long the handshake took.
  public var timing: HandshakeTiming { tracker.timing }
  /// The ends that sent a reset which counted, the client first.
  public var resetSenders: [FlowEnd] {
    (tracker.clientReset ? [.client] : []) + (tracker.serverReset ? [.server] : [])
  }
  /// The first stamp that the server sent.
  public var stamp: StampReading? { tracker.hasRarities ? tracker.rarities.stamp : nil }
  /// ICMP errors about it, the first 32.
  public var icmpErrors: [ICMPNotice] { tracker.hasRarities ? tracker.rarities.icmpErrors : [] }
  /// Packets that need a word beside the verdict, the first 32.
  public var occurrences: [FlowOccurrence] {
    tracker.hasRarities ? tracker.rarities.occurrences : []
  }
  /// How many octets of a Fast Open's data the SYN-ACK acknowledged.
  public var fastOpenOctetsTaken: Int { Int(tracker.fastOpenOctetsTaken) }
  /// How many segments have a checksum that the card was to finish: they were captured on the host
  /// that sent them.
  public var unfinishedChecksums: Int { Int(tracker.unfinishedChecksums) }
  /// The SYNs, the first 64.
  public var syns: [SentHandshakeSegment] { tracker.syns.all }
  /// The SYN-ACKs, the first 64.
  public var synAcks: [SentHandshakeSegment] { tracker.synAcks.all }

  /// What holds after SYN and SYN-ACK; nil unless the options of both were captured whole.
  public var agreement: NegotiatedOptions? {
    guard let clientOffer, let serverOffer else { return nil }
    return NegotiatedOptions(client: clientOffer, server: serverOffer, address: server.address)
  }
}

/// A flow that is nothing but one plain SYN: in a flood nearly every one is.
///
/// Its verdict is ``FlowVerdict/unanswered``, its confidence ``Confidence/likely``.
public struct LoneSyn: Hashable, Sendable {
  /// The flow's number, from 0.
  public let number: Int
  /// Who sent the SYN.
  public let client: Endpoint
  /// For whom it was.
  public let server: Endpoint
  /// Its frame's number, from 1.
  public let frame: Int
  /// SEG.SEQ.
  public let sequence: SequenceNumber
  /// When it was captured, since 1970; 0 when the file does not tell.
  public let time: Instant
}

/// How an observer knows which end opened a connection.
public enum RoleBasis: String, Hashable, Sendable {
  /// It sent the SYN.
  case syn
  /// It was sent the SYN-ACK.
  case synAck = "syn-ack"
  /// It sent the first packet that was captured: a guess.
  case guess
}
