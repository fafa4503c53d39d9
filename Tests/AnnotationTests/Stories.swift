import Annotation
import CaptureFiles
import Determinism
import Handshake
import Wire

/// A handshake told packet by packet, as raw IP packets of a capture that begins in 2023.
struct Story {
  var packets: [CapturedPacket] = []
  var client = Endpoint(.v4(IPv4Address(192, 0, 2, 1)), port: 40_000)
  var server = Endpoint(.v4(IPv4Address(198, 51, 100, 2)), port: 80)
  /// What sequence numbers are relative to.
  var clientNumber: UInt32 = 1_000
  var serverNumber: UInt32 = 5_000

  static let beginning: Int64 = 1_700_000_000_000_000_000

  /// The client sends; `sequence` and `acknowledgment` count from the initial numbers.
  mutating func client(
    _ microseconds: Int64, _ flags: TCPFlags, _ sequence: UInt32 = 0,
    _ acknowledgment: UInt32? = nil, _ options: TCPOptions = .none, data: String = ""
  ) {
    append(
      microseconds,
      Segment(
        from: client, to: server, flags, sequence: SequenceNumber(clientNumber) + sequence,
        acknowledgment: acknowledgment.map { SequenceNumber(serverNumber) + $0 }
          ?? SequenceNumber(0),
        window: 64_240, options: options, payload: Array(data.utf8)))
  }

  /// The server sends; numbers as for the client.
  mutating func server(
    _ microseconds: Int64, _ flags: TCPFlags, _ sequence: UInt32 = 0,
    _ acknowledgment: UInt32? = nil, _ options: TCPOptions = .none, data: String = ""
  ) {
    append(
      microseconds,
      Segment(
        from: server, to: client, flags, sequence: SequenceNumber(serverNumber) + sequence,
        acknowledgment: acknowledgment.map { SequenceNumber(clientNumber) + $0 }
          ?? SequenceNumber(0),
        window: 65_160, options: options, payload: Array(data.utf8)))
  }

  mutating func append(_ microseconds: Int64, _ segment: Segment) {
    packets.append(
      CapturedPacket(
        time: Instant(nanoseconds: Self.beginning + microseconds * 1_000),
        bytes: (try? segment.packet()) ?? [], linkType: LinkType.raw.rawValue))
  }

  /// SYN at 0, SYN-ACK after 10 ms, ACK 2 ms later.
  mutating func handshake(from start: Int64 = 0) {
    client(start, .syn, 0, nil, .offer(100))
    server(start + 10_000, [.syn, .ack], 0, 1, .offer(900, echo: 100))
    client(start + 12_000, .ack, 1, 1, .stamps(101, 900))
  }

  var annotated: AnnotatedCapture { AnnotatedCapture(annotating: packets) }

  static func telling(_ tell: (inout Self) -> Void) -> AnnotatedCapture {
    var story = Self()
    tell(&story)
    return story.annotated
  }
}

extension TCPOptions {
  static func offer(_ value: UInt32, echo: UInt32 = 0, mss: UInt16 = 1_460, scale: UInt8 = 7)
    -> Self
  {
    Self(
      maximumSegmentSize: mss, windowScale: scale, sackPermitted: true,
      timestamps: TCPTimestamps(value: value, echoReply: echo))
  }

  static func stamps(_ value: UInt32, _ echo: UInt32) -> Self {
    Self(timestamps: TCPTimestamps(value: value, echoReply: echo))
  }
}

extension AnnotatedCapture {
  func ladder(_ layout: LadderLayout = LadderLayout()) -> String { text(by: LadderWriter(layout)) }
  func lines(isASCII: Bool = false) -> String { text(by: TextWriter(isASCII: isASCII)) }
  var jsonLines: String { text(by: JSONLinesWriter()) }
  var tsv: String { text(by: TableWriter.tsv) }
  var mermaid: String { text(by: MermaidWriter()) }
  var leftOut: [CaptureSummary.LeftOut] { summary.leftOut }

  /// The roles of all packets, by their names.
  var roles: [String] { packets.map(\.role.name) }

  /// The states of both ends after each packet.
  var statesAfter: [String] {
    packets.map { "\($0.client.after?.rawValue ?? "?") \($0.server.after?.rawValue ?? "?")" }
  }

  var verdicts: [FlowVerdict] { flows.map(\.verdict) }
}
