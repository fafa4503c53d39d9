/// The options of one TCP header as far as they could be read.
///
/// Reading never fails: like Linux (`net/ipv4/tcp_input.c`, tcp_parse_options) it keeps what stands
/// before the first nonsense. Where a kind stands twice the last one counts, and a known kind of a
/// wrong length is kept among ``TCPOptions/others``.
public struct ParsedTCPOptions: Hashable, Sendable {
  /// What was read.
  public private(set) var options: TCPOptions
  /// Why reading ended.
  public private(set) var ending: TCPOptionsEnding

  /// Reads the options in `bytes`, which begin behind the fixed header.
  ///
  /// - Parameters:
  ///   - bytes: What was captured of the options.
  ///   - wireLength: The octets the header has for options, at least `bytes.count`.
  @inline(__always)
  public init(parsing bytes: Span<UInt8>, wireLength: Int? = nil) {
    options = .none
    ending = .complete
    ending = read(bytes, upTo: max(wireLength ?? 0, bytes.count))
  }

  @inline(__always) private mutating func read(_ bytes: Span<UInt8>, upTo end: Int)
    -> TCPOptionsEnding
  {
    var offset = 0
    while offset < end {
      guard offset < bytes.count else { return .cut(offset: offset) }
      let kind = bytes[offset]
      guard kind != 0 else { return .complete }
      guard kind != 1 else {
        offset += 1
        continue
      }
      guard offset + 1 < end else { return .malformed(offset: offset) }
      guard offset + 1 < bytes.count else { return .cut(offset: offset) }
      let length = Int(bytes[offset + 1])
      guard length >= 2, offset + length <= end else { return .malformed(offset: offset) }
      guard offset + length <= bytes.count else { return .cut(offset: offset) }
      keep(kind, bytes.extracting(offset + 2..<offset + length))
      offset += length
    }
    return .complete
  }

  @inline(__always) private mutating func keep(_ kind: UInt8, _ value: Span<UInt8>) {
    switch (kind, value.count) {
    case (2, 2):
      options.maximumSegmentSize = value.uint16(at: 0)
    case (3, 1):
      options.windowScale = value[0]
    case (4, 0):
      options.sackPermitted = true
    case (5, 8...) where value.count % 8 == 0:
      options.others.append(.sack(blocks(in: value)))
    case (8, 8):
      options.timestamps = TCPTimestamps(value: value.uint32(at: 0), echoReply: value.uint32(at: 4))
    case (34, _):
      options.others.append(.fastOpen(cookie: value.octets))
    default:
      options.others.append(.unknown(kind: kind, octets: value.octets))
    }
  }

  private func blocks(in value: Span<UInt8>) -> [SACKBlock] {
    var blocks: [SACKBlock] = []
    for offset in stride(from: 0, to: value.count, by: 8) {
      blocks.append(
        SACKBlock(
          leftEdge: SequenceNumber(value.uint32(at: offset)),
          rightEdge: SequenceNumber(value.uint32(at: offset + 4))))
    }
    return blocks
  }
}

/// Why the reading of options ended; offsets count from the first octet of the options.
public enum TCPOptionsEnding: Hashable, Sendable {
  /// At the end of the header, or at the option that says so.
  case complete
  /// At an option whose length is below 2 or leads out of the header.
  case malformed(offset: Int)
  /// At an option that the capture did not keep whole.
  case cut(offset: Int)
}
