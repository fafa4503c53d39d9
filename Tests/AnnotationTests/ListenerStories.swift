import Annotation
import CaptureFiles
import Determinism
import Wire

/// Connections of many clients with one server, told in any order and read in that of their times.
struct ListenerStory {
  private var packets: [(time: Int64, packet: CapturedPacket)] = []
  var server = Endpoint(.v4(IPv4Address(198, 51, 100, 2)), port: 80)

  /// One connection: what client and server of it send, at microseconds since the story began.
  struct Connection {
    let client: Endpoint
    let server: Endpoint
    let clientNumber: SequenceNumber
    let serverNumber: SequenceNumber
    fileprivate(set) var packets: [(time: Int64, packet: CapturedPacket)] = []

    /// The client sends; numbers count from the initial ones.
    mutating func client(
      _ time: Int64, _ flags: TCPFlags, _ sequence: UInt32 = 0, _ acknowledgment: UInt32? = nil,
      _ options: TCPOptions = .none, data: String = ""
    ) {
      append(
        time,
        Segment(
          from: client, to: server, flags, sequence: clientNumber + sequence,
          acknowledgment: acknowledgment.map { serverNumber + $0 } ?? SequenceNumber(0),
          window: 64_240, options: options, payload: Array(data.utf8)))
    }

    /// The server sends; numbers count from the initial ones.
    mutating func server(
      _ time: Int64, _ flags: TCPFlags, _ sequence: UInt32 = 0, _ acknowledgment: UInt32? = nil,
      _ options: TCPOptions = .none, data: String = ""
    ) {
      append(
        time,
        Segment(
          from: server, to: client, flags, sequence: serverNumber + sequence,
          acknowledgment: acknowledgment.map { clientNumber + $0 } ?? SequenceNumber(0),
          window: 65_160, options: options, payload: Array(data.utf8)))
    }

    /// SYN, SYN-ACK 1 ms later, and, 1 ms after that, the ACK.
    mutating func handshake(_ start: Int64, _ options: TCPOptions = .none) {
      client(start, .syn, 0, nil, options)
      server(start + 1_000, [.syn, .ack], 0, 1, options)
      client(start + 2_000, .ack, 1, 1)
    }

    private mutating func append(_ time: Int64, _ segment: Segment) {
      packets.append((time, Self.packet(segment, at: time)))
    }

    static func packet(_ segment: Segment, at time: Int64) -> CapturedPacket {
      CapturedPacket(
        time: Instant(nanoseconds: Story.beginning + time * 1_000),
        bytes: (try? segment.packet()) ?? [], linkType: LinkType.raw.rawValue)
    }
  }

  /// Tells of a connection from the `index`th client address, by default with numbers that follow
  /// from it.
  mutating func connection(
    _ index: Int, port: UInt16 = 40_000, clientNumber: UInt32? = nil, serverNumber: UInt32? = nil,
    to server: Endpoint? = nil, of client: IPAddress? = nil, _ tell: (inout Connection) -> Void
  ) {
    let spread = UInt32(truncatingIfNeeded: index) &* 0x9E37_79B9 ^ UInt32(port) << 7
    var connection = Connection(
      client: Endpoint(client ?? Self.client(index), port: port), server: server ?? self.server,
      clientNumber: SequenceNumber(clientNumber ?? spread),
      serverNumber: SequenceNumber(serverNumber ?? (spread &* 0x85EB_CA6B ^ 0x1234_5678)))
    tell(&connection)
    packets += connection.packets
  }

  /// The `index`th client's address.
  static func client(_ index: Int) -> IPAddress {
    .v4(IPv4Address(rawValue: 0xC612_0000 &+ UInt32(truncatingIfNeeded: index)))
  }

  /// A segment between strangers, so that the capture goes on to `time`.
  mutating func goOn(to time: Int64) {
    let stranger = Endpoint(.v4(IPv4Address(192, 0, 2, 77)), port: 7)
    let other = Endpoint(.v4(IPv4Address(192, 0, 2, 78)), port: 9)
    packets.append(
      (
        time,
        Connection.packet(
          Segment(
            from: stranger, to: other, .ack, sequence: SequenceNumber(1),
            acknowledgment: SequenceNumber(1), window: 1), at: time)
      ))
  }

  /// Adds a packet that no connection sends.
  mutating func append(_ packet: CapturedPacket, at time: Int64) {
    packets.append((time, packet))
  }

  /// The packets in the order of their times; those of one time as they were told.
  var captured: [CapturedPacket] {
    packets.enumerated()
      .sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
      .map(\.element.packet)
  }

  func report(listeners: Int = ListenerTable.defaultLimit, flows: Int = 1_000_000)
    -> ListenerReport
  {
    var annotator = ListenerAnnotator(flows: flows, listeners: listeners)
    for packet in captured { annotator.add(FrameFacts(packet), packet.bytes.span) }
    return annotator.report
  }

  /// The report, made once packet by packet as formats that tell of each packet have it made.
  var reportWithPackets: ListenerReport {
    var reader = SegmentReader()
    var observer = HandshakeObserver()
    observer.listeners = ListenerTable()
    for packet in captured {
      if case .segment(let segment) = reader.read(FrameFacts(packet), in: packet.bytes.span) {
        _ = observer.take(segment)
      }
    }
    var report = observer.listenerReport
    report.summary = reader.summary
    report.summary.flowCount = observer.flowCount
    return report
  }

  static func telling(_ tell: (inout Self) -> Void) -> ListenerReport {
    var story = Self()
    tell(&story)
    return story.report()
  }
}

extension ListenerTally {
  static func of(_ change: (inout Self) -> Void) -> Self {
    var tally = Self()
    change(&tally)
    return tally
  }
}
