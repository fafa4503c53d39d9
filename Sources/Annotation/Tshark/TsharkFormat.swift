import Determinism
import Wire

/// Sorts packets into streams as tshark 4.0 does, and prints a line for each.
///
/// The columns are a header line and then, for each stream: stream, client, server, syn, synack,
/// hsack, irtt, c_mss, s_mss, c_ws, s_ws, c_sack, s_sack, c_ts, s_ts, n_syn, n_synack, rst,
/// completeness.
public struct TsharkTable: Sendable {
  private var streams: [TsharkStream] = []
  private var latest: [FourTuple: Int] = [:]
  private var decoder = FrameDecoder()
  private var frameCount = 0

  /// Creates a table without streams.
  public init() {}

  /// Takes the next packet of the capture.
  public mutating func add(_ facts: FrameFacts, _ bytes: Span<UInt8>) {
    frameCount += 1
    let reading = decoder.decode(
      bytes, linkType: LinkType(rawValue: facts.linkType), originalLength: facts.originalLength,
      at: facts.time?.nanoseconds ?? 0)
    switch reading {
    case .frame(let frame): add(frame, facts, in: bytes, wireLength: facts.originalLength)
    case .joined(let frame, let octets): add(frame, facts, in: octets.span, wireLength: nil)
    case .fragment, .left:
      break
    }
  }

  private mutating func add(
    _ frame: DecodedFrame, _ facts: FrameFacts, in bytes: Span<UInt8>, wireLength: Int?
  ) {
    guard let addresses = frame.addresses else { return }
    switch frame.transport {
    case .tcp(let tcp):
      let segment = ObservedSegment(
        tcp, between: addresses, frame.network, facts, in: bytes, number: frameCount)
      take(segment, reportedLength: frame.reportedLength(of: tcp, wireLength: wireLength))
    case .icmp(let message):
      // tshark dissects the quotation too, which takes a number, but no line.
      guard let quoted = message.quoted, quoted.transportProtocol == .tcp else { return }
      let tuple = FourTuple(local: quoted.destination, peer: quoted.source)
      if latest[tuple] == nil { _ = begin(tuple) }
    case .cutTCP, .udp, .fragment, .other, .unreadable, .none:
      return
    }
  }

  private mutating func take(_ segment: ObservedSegment, reportedLength: Int?) {
    let tuple = FourTuple(local: segment.destination, peer: segment.source)
    let place =
      if let known = latest[tuple], !streams[known].isReused(by: segment) { known } else {
        begin(tuple)
      }
    streams[place].take(segment, reportedLength: reportedLength)
  }

  private mutating func begin(_ tuple: FourTuple) -> Int {
    streams.append(
      TsharkStream(
        number: streams.count, from: tuple.peer, to: tuple.local,
        isReusingPorts: latest[tuple] != nil))
    latest[tuple] = streams.count - 1
    latest[tuple.reversed] = streams.count - 1
    return streams.count - 1
  }

  /// The whole table, header line first, columns with tabulators between.
  public var text: String {
    Self.header + streams.filter(\.isVisible).map { Self.line($0) }.joined()
  }

  private static let header = """
    #stream\tclient\tserver\tsyn\tsynack\thsack\tirtt\tc_mss\ts_mss\tc_ws\ts_ws\tc_sack\ts_sack\
    \tc_ts\ts_ts\tn_syn\tn_synack\trst\tcompleteness

    """

  private static func line(_ stream: TsharkStream) -> String {
    let client = stream.client ?? stream.clientByAnswer?.0 ?? stream.firstSource
    let server = stream.server ?? stream.clientByAnswer?.1 ?? stream.firstDestination
    let resets =
      (stream.resets.contains(client) ? "c" : "") + (stream.resets.contains(server) ? "s" : "")
    let columns: [String] = [
      "\(stream.number)", "\(client)", "\(server)",
      flag(stream.synCount > 0), flag(stream.synAckCount > 0), flag(stream.hasAcknowledged),
      stream.roundTrip?.inSeconds ?? "-",
      number(stream.clientOptions?.maximumSegmentSize),
      number(stream.serverOptions?.maximumSegmentSize),
      number(stream.clientOptions?.windowScale), number(stream.serverOptions?.windowScale),
      flag(stream.clientOptions.map { $0.sackPermitted }),
      flag(stream.serverOptions.map { $0.sackPermitted }),
      flag(stream.clientOptions.map { $0.timestamps != nil }),
      flag(stream.serverOptions.map { $0.timestamps != nil }),
      "\(stream.synCount)", "\(stream.synAckCount)", resets.isEmpty ? "-" : resets,
      "\(stream.completeness)",
    ]
    return columns.joined(separator: "\t") + "\n"
  }

  private static func flag(_ value: Bool?) -> String {
    value.map { $0 ? "1" : "0" } ?? "-"
  }

  private static func number(_ value: (some FixedWidthInteger)?) -> String {
    value.map { "\($0)" } ?? "-"
  }
}

extension DecodedFrame {
  /// The data's octets as tshark counts them: no more than a frame of `wireLength` octets had, which
  /// is nil for a packet that was joined; nil in a fragment that stands alone, of which it counts
  /// nothing.
  fileprivate func reportedLength(of tcp: DecodedTCP, wireLength: Int?) -> Int? {
    guard let wireLength else { return tcp.payloadLength }
    if case .ipv4(let header) = network, header.fragment != .whole { return nil }
    if tcp.areOptionsCut { return tcp.payloadLength }
    return max(0, min(tcp.payloadLength, wireLength - tcp.payload.lowerBound))
  }
}
