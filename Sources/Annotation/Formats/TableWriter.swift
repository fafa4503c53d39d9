import Determinism
import Wire

/// One line a flow with its verdict, `-` for what is not known.
public struct TableWriter: AnnotationWriter {
  private let separator: UInt8
  private let mark: String
  /// One packet, one SYN, no SYN-ACK: what stands between the frame and the number of a lone SYN.
  private let loneCounts: [UInt8]
  /// What stands behind its number: fourteen columns of which nothing is known.
  private let loneRest: [UInt8]

  /// Columns with tabulators between, the first line marked with `#`.
  public static let tsv = Self(separator: 0x09, mark: "#")
  /// Columns with commas between; no value holds one.
  public static let csv = Self(separator: 0x2C, mark: "")

  /// The columns' names.
  public static let columns = [
    "flow", "client", "server", "verdict", "confidence", "first_frame", "packets", "syns",
    "syn_acks", "client_isn", "server_isn", "rtt_server_side_ns", "rtt_client_side_ns", "rtt_ns",
    "rtt_by", "connect_ns", "mss_to_server", "mss_to_client", "window_scale_client",
    "window_scale_server", "sack", "timestamps", "reset_by", "stamp_unix_s",
  ]

  private init(separator: UInt8, mark: String) {
    self.separator = separator
    self.mark = mark
    loneCounts = [separator, 0x31, separator, 0x31, separator, 0x30, separator]
    loneRest = [[UInt8]](repeating: [separator, 0x2D], count: 14).joined() + [0x0A]
  }

  /// What it is told of packets.
  public let wants = PacketWish.nothing

  /// Writes what stands before everything.
  public func begin(into output: inout [UInt8]) {
    let comma = String(decoding: [separator], as: UTF8.self)
    output.append(line: mark + Self.columns.joined(separator: comma))
  }

  /// Writes one packet, where the format has a place for it.
  public func write(_ packet: AnnotatedPacket, into output: inout [UInt8]) {}

  /// Writes one flow.
  public func write(_ story: FlowStory, into output: inout [UInt8]) {
    var cursor = output.count
    output.append(contentsOf: Self.emptyRow)
    var row = output.mutableSpan
    write(story.flow, into: &row, at: &cursor)
    output.removeLast(output.count - cursor)
  }

  /// Writes the row of a flow that is one SYN.
  public func write(_ syn: LoneSyn, into output: inout [UInt8]) -> Bool {
    var cursor = output.count
    output.append(contentsOf: Self.shortRow)
    var row = output.mutableSpan
    write(syn, into: &row, at: &cursor)
    output.removeLast(output.count - cursor)
    return true
  }

  private func write(
    _ syn: LoneSyn, into row: inout MutableSpan<UInt8>, at cursor: inout Int
  ) {
    row.put(decimal: Int64(syn.number), at: &cursor)
    row.put(separator, at: &cursor)
    row.put(syn.client, at: &cursor)
    row.put(separator, at: &cursor)
    row.put(syn.server, at: &cursor)
    word(FlowVerdict.unanswered.rawValue, &row, &cursor)
    word(Confidence.likely.rawValue, &row, &cursor)
    number(Int64(syn.frame), &row, &cursor)
    row.put(loneCounts.span, at: &cursor)
    row.put(decimal: syn.sequence.rawValue, at: &cursor)
    row.put(loneRest.span, at: &cursor)
  }

  /// Writes what stands behind everything.
  public func end(_ summary: CaptureSummary, into output: inout [UInt8]) {}

  /// Two addresses, twenty numbers and four words take less than this.
  private static let emptyRow = [UInt8](repeating: 0, count: 768)
  /// Two addresses, three numbers that are not of one digit and two words: nearly every row of a
  /// flood is one, and its octets are put there twice.
  private static let shortRow = [UInt8](repeating: 0, count: 256)

  private func write(
    _ flow: AnnotatedFlow, into row: inout MutableSpan<UInt8>, at cursor: inout Int
  ) {
    row.put(decimal: Int64(flow.number), at: &cursor)
    row.put(separator, at: &cursor)
    row.put(flow.client, at: &cursor)
    row.put(separator, at: &cursor)
    row.put(flow.server, at: &cursor)
    word(flow.verdict.rawValue, &row, &cursor)
    word(flow.confidence.rawValue, &row, &cursor)
    number(Int64(flow.firstFrame), &row, &cursor)
    number(Int64(flow.packetCount), &row, &cursor)
    number(Int64(flow.synCount), &row, &cursor)
    number(Int64(flow.synAckCount), &row, &cursor)
    number(flow.clientNumber.map { Int64($0.rawValue) }, &row, &cursor)
    number(flow.serverNumber.map { Int64($0.rawValue) }, &row, &cursor)
    writeTiming(flow.timing, into: &row, at: &cursor)
    writeAgreement(flow.agreement, into: &row, at: &cursor)
    word(flow.tracker.resetWord, &row, &cursor)
    number(flow.stamp?.seconds, &row, &cursor)
    row.put(0x0A, at: &cursor)
  }

  private func writeTiming(
    _ timing: HandshakeTiming, into row: inout MutableSpan<UInt8>, at cursor: inout Int
  ) {
    let whole = timing.roundTrip
    number(timing.serverSide?.length.count, &row, &cursor)
    number(timing.clientSide?.length.count, &row, &cursor)
    number(whole?.length.count, &row, &cursor)
    let certainty = (whole ?? timing.serverSide ?? timing.clientSide)?.certainty
    word(certainty?.rawValue ?? "-", &row, &cursor)
    number(timing.connect?.count, &row, &cursor)
  }

  private func writeAgreement(
    _ agreed: NegotiatedOptions?, into row: inout MutableSpan<UInt8>, at cursor: inout Int
  ) {
    number(agreed.map { Int64($0.segmentSizeToServer) }, &row, &cursor)
    number(agreed.map { Int64($0.segmentSizeToClient) }, &row, &cursor)
    number(agreed?.windowScale.map { Int64($0.client) }, &row, &cursor)
    number(agreed?.windowScale.map { Int64($0.server) }, &row, &cursor)
    number(agreed.map { $0.sack ? 1 : 0 }, &row, &cursor)
    number(agreed.map { $0.timestamps ? 1 : 0 }, &row, &cursor)
  }

  private func word(_ word: String, _ row: inout MutableSpan<UInt8>, _ cursor: inout Int) {
    row.put(separator, at: &cursor)
    row.put(text: word, at: &cursor)
  }

  private func number(
    _ value: Int64?, _ row: inout MutableSpan<UInt8>, _ cursor: inout Int
  ) {
    row.put(separator, at: &cursor)
    guard let value else { return row.put(0x2D, at: &cursor) }
    row.put(decimal: value, at: &cursor)
  }
}

extension FlowTracker {
  /// Who reset, in one word.
  fileprivate var resetWord: String {
    clientReset ? serverReset ? "client+server" : "client" : serverReset ? "server" : "-"
  }
}
