/// What an IP packet carries and where.
struct IPPayload {
  var source: IPAddress
  var destination: IPAddress
  var payloadProtocol: IPProtocol
  var fragment: FragmentPosition
  /// Where the captured part of the payload lies in the frame.
  var payload: Range<Int>
  /// The payload's octets on the wire, link padding not counted.
  var wireLength: Int
  /// Whether the destination is the one that the transport's checksum was made for.
  var isDestinationFinal: Bool

  /// Whether all bytes are here that a checksum covers.
  var isWhole: Bool { fragment == .whole && payload.count == wireLength && isDestinationFinal }

  init(of header: IPv4Header, from start: Int, captured: Int, wireLength: Int) {
    let end = header.totalLength == 0 ? wireLength : start + Int(header.totalLength)
    let payloadStart = start + header.length
    source = .v4(header.source)
    destination = .v4(header.destination)
    payloadProtocol = header.payloadProtocol
    fragment = header.fragment
    payload = payloadStart..<max(payloadStart, min(end, captured))
    self.wireLength = max(end - payloadStart, 0)
    isDestinationFinal = true
  }

  init(
    of header: IPv6Header, from start: Int, in bytes: Span<UInt8>, wireLength: Int
  ) throws(WireError) {
    let headersStart = start + IPv6Header.length
    let end = header.payloadLength == 0 ? wireLength : headersStart + Int(header.payloadLength)
    let captured = headersStart..<max(headersStart, min(end, bytes.count))
    let walk = try IPv6Extensions(parsing: bytes.extracting(captured), first: header.nextHeader)
    source = .v6(header.source)
    destination = .v6(header.destination)
    payloadProtocol = walk.payloadProtocol
    fragment = walk.fragment
    payload = headersStart + walk.length..<captured.upperBound
    self.wireLength = max(end - headersStart - walk.length, 0)
    isDestinationFinal = !walk.isUnderWay
  }
}
