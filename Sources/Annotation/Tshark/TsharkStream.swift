import Determinism
import Wire

/// One stream as tshark 4.0 sees it, trap for trap, for comparison with tshark.
///
/// It is not our view of a connection: that is ``AnnotatedFlow``. What tshark does was read in
/// Wireshark's epan/dissectors/packet-tcp.c and held against its output.
struct TsharkStream: Hashable, Sendable {
  /// The number that tshark gives it.
  let number: Int
  let firstSource: Endpoint
  let firstDestination: Endpoint
  /// Whether an earlier stream has the same two ends.
  let isReusingPorts: Bool
  /// The two ends by their first SYN, SYN-ACK or packet.
  var client: Endpoint?
  var server: Endpoint?
  var clientByAnswer: (Endpoint, Endpoint)? { synAckEnds.map { ($0.client, $0.server) } }
  var synCount = 0
  var synAckCount = 0
  var clientOptions: TCPOptions?
  var serverOptions: TCPOptions?
  var hasAcknowledged = false
  var resets: Set<Endpoint> = []
  /// Whether anything but a packet in an ICMP error was seen.
  var isVisible = false

  private var synAckEnds: Ends?
  private var synAckNumbers: [Endpoint: [SequenceNumber]] = [:]
  private var bases: [Endpoint: SequenceNumber] = [:]
  private var lastSyn: Instant?
  private var firstAck: Instant?
  private var lengthInFirstPass: Nanoseconds?
  private var completenessSoFar: Completeness = []
  private var firstPacket: Completeness = []
  private var packetCount = 0

  private struct Ends: Hashable, Sendable {
    var client: Endpoint
    var server: Endpoint
  }

  init(number: Int, from source: Endpoint, to destination: Endpoint, isReusingPorts: Bool) {
    self.isReusingPorts = isReusingPorts
    self.number = number
    firstSource = source
    firstDestination = destination
  }

  /// Whether tshark begins another stream with `segment`, a SYN without ACK: its number is not what
  /// the stream counts from at that end.
  func isReused(by segment: ObservedSegment) -> Bool {
    guard segment.isSyn, let base = bases[segment.source] else { return false }
    return base != segment.sequence
  }

  /// Takes the next packet of the stream, whose data tshark counts as `reportedLength` octets; nil
  /// in a fragment that stands alone, of which tshark takes neither numbers nor length.
  mutating func take(_ segment: ObservedSegment, reportedLength: Int?) {
    isVisible = true
    if reportedLength != nil { noteBases(segment) }
    noteCompleteness(segment, hasData: (reportedLength ?? 0) > 0)
    noteRoundTrip(segment)
    if segment.isReset { resets.insert(segment.source) }
    if segment.isSyn {
      noteSyn(segment)
    } else if segment.isSynAck {
      noteSynAck(segment)
    } else if segment.flags.contains(.ack), !segment.isReset, !hasAcknowledged {
      // The script's own rule: up to 2³⁰ beyond a SYN-ACK's number.
      hasAcknowledged = synAckNumbers[segment.destination, default: []].contains {
        segment.acknowledgment.isWithin(1 << 30, from: $0 + 1)
      }
    }
  }

  private mutating func noteSyn(_ segment: ObservedSegment) {
    synCount += 1
    guard synCount == 1 else { return }
    client = segment.source
    server = segment.destination
    clientOptions = segment.options
  }

  private mutating func noteSynAck(_ segment: ObservedSegment) {
    synAckCount += 1
    if synAckCount == 1 {
      synAckEnds = Ends(client: segment.destination, server: segment.source)
      serverOptions = segment.options
    }
    if !hasAcknowledged, synAckNumbers[segment.source, default: []].count < 64 {
      synAckNumbers[segment.source, default: []].append(segment.sequence)
    }
  }

  private mutating func noteBases(_ segment: ObservedSegment) {
    if segment.isSynAck, bases[segment.source] != nil { bases[segment.source] = segment.sequence }
    if bases[segment.source] == nil {
      bases[segment.source] =
        segment.flags.contains(.syn) ? segment.sequence : segment.sequence - 1
    }
    if bases[segment.destination] == nil, segment.flags.contains(.ack) {
      bases[segment.destination] = segment.acknowledgment - 1
    }
  }

  /// tcp.analysis.initial_rtt: from the latest SYN of any end to the first ACK without SYN of any
  /// end; a length of zero counts as none yet, and a packet cut inside its options ends before
  /// tshark comes to it.
  private mutating func noteRoundTrip(_ segment: ObservedSegment) {
    if case .cut = segment.optionsEnding { return }
    guard segment.isTimed else { return }
    // Midnight of 1970 stands for none.
    if segment.isSyn { lastSyn = segment.time == .zero ? nil : segment.time }
    guard segment.flags.contains(.ack), !segment.flags.contains(.syn) else { return }
    if let lastSyn {
      if lengthInFirstPass == nil, segment.time != lastSyn {
        lengthInFirstPass = segment.time - lastSyn
      }
    } else if firstAck == nil {
      firstAck = segment.time
    }
  }

  /// What tshark ends up with: where the first pass found no SYN before the ACK, the second pass
  /// still knows the last SYN of the first.
  var roundTrip: Nanoseconds? {
    if let lengthInFirstPass { return lengthInFirstPass }
    guard let firstAck, let lastSyn, firstAck != lastSyn else { return nil }
    return firstAck - lastSyn
  }

  private mutating func noteCompleteness(_ segment: ObservedSegment, hasData: Bool) {
    packetCount += 1
    let bits = Completeness(of: segment, hasData: hasData)
    if packetCount == 1 {
      firstPacket = bits
      completenessSoFar = isReusingPorts ? bits : segment.isSyn ? .syn : []
      if segment.isSyn, hasData, !isReusingPorts { completenessSoFar.insert(.data) }
    } else {
      completenessSoFar.formUnion(bits.subtracting(.syn))
    }
  }

  /// tcp.completeness as two passes print it: the first packet's bits come with the second pass,
  /// unless there is no further packet to print them.
  var completeness: UInt8 {
    let late = packetCount > 1 ? firstPacket.subtracting(.syn) : []
    return completenessSoFar.union(late).rawValue
  }
}

extension TsharkStream {
  /// The bits of tcp.completeness.
  struct Completeness: OptionSet, Hashable, Sendable {
    let rawValue: UInt8
    static let syn = Self(rawValue: 1)
    static let synAck = Self(rawValue: 2)
    static let ack = Self(rawValue: 4)
    static let data = Self(rawValue: 8)
    static let fin = Self(rawValue: 16)
    static let reset = Self(rawValue: 32)
  }
}

extension TsharkStream.Completeness {
  init(of segment: ObservedSegment, hasData: Bool) {
    self = []
    if segment.isSyn { insert(.syn) }
    if segment.isSynAck { insert(.synAck) }
    if segment.flags.isSuperset(of: [.fin, .ack]) { insert(.fin) }
    if segment.isReset { insert(.reset) }
    if segment.flags.contains(.ack), !segment.flags.contains(.syn) {
      insert(hasData ? .data : .ack)
    }
  }
}
