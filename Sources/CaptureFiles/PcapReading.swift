/// The pcap format (draft-ietf-opsawg-pcap): one header, then records.
extension CaptureReader {
  private static let headerLength = 24
  private static let recordHeaderLength = 16

  mutating func readPcapHeader(
    _ rest: Span<UInt8>, _ order: ByteOrder, _ resolution: TimestampResolution
  ) throws(CaptureFileError) -> Progress {
    guard rest.count >= Self.headerLength else { return .needs(Self.headerLength, .fileHeader) }
    let major = rest.word16(at: 4, order)
    guard major == 2 else {
      throw failure(.unsupportedVersion(major: major, minor: rest.word16(at: 6, order)))
    }
    self.order = order
    format = .pcap
    interfaces = [
      CaptureInterface(
        // The upper half tells how long a frame check sequence stands behind each frame.
        linkType: UInt16(truncatingIfNeeded: rest.word32(at: 20, order)),
        snapLength: rest.word32(at: 16, order), resolution: resolution)
    ]
    return .skip(Self.headerLength)
  }

  mutating func readPcapRecord(_ rest: Span<UInt8>) throws(CaptureFileError) -> Progress {
    let header = Self.recordHeaderLength
    guard rest.count >= header else { return .needs(header, .record) }
    let captured = Int(rest.word32(at: 8, order))
    guard captured <= Self.longestPart - header else {
      throw failure(.tooLong(.record, octets: captured, limit: Self.longestPart - header))
    }
    guard rest.count >= header + captured else { return .needs(header + captured, .record) }
    let interface = interfaces[0]
    let record = CaptureRecord(
      time: interface.resolution.instant(
        ofSeconds: rest.word32(at: 0, order), fraction: rest.word32(at: 4, order)),
      data: header..<header + captured, originalLength: Int(rest.word32(at: 12, order)),
      interface: 0, linkType: interface.linkType, comments: [], flags: nil)
    return .record(record, header + captured)
  }
}
