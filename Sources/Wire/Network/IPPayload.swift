/// What an IP packet in a frame carries and where.
struct IPPayload {
  var source: IPAddress
  var destination: IPAddress
  /// Where the header begins in the frame.
  var start: Int
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

  /// What a frame without IP has.
  @inline(__always)
  init() {
    source = .v4(.any)
    destination = .v4(.any)
    start = 0
    payloadProtocol = .none
    fragment = .whole
    payload = 0..<0
    wireLength = 0
    isDestinationFinal = false
  }

  /// The packet behind `header` at `start`, in a layer whose captured bytes end at `captured`, not
  /// before the header does, and which ended at `end` on the wire.
  @inline(__always)
  init(of header: IPv4Header, from start: Int, captured: Int, end: Int) {
    let end = header.totalLength == 0 ? end : start &+ Int(header.totalLength)
    let payloadStart = start &+ header.length
    source = .v4(header.source)
    destination = .v4(header.destination)
    self.start = start
    payloadProtocol = header.payloadProtocol
    fragment = header.fragment
    payload = payloadStart..<max(payloadStart, min(end, captured))
    wireLength = max(end &- payloadStart, 0)
    isDestinationFinal = true
  }

  /// The packet behind `header` at `start`, its extension headers not yet walked over.
  init(before header: IPv6Header, from start: Int) {
    self.init()
    source = .v6(header.source)
    destination = .v6(header.destination)
    self.start = start
    payloadProtocol = header.nextHeader
    payload = start..<start
  }

  /// The packet behind `header` at `start`; `captured` and `end` as for IPv4.
  ///
  /// - Throws: What ``IPv6Extensions/init(parsing:first:)`` throws.
  init(
    of header: IPv6Header, from start: Int, in bytes: Span<UInt8>, captured: Int, end: Int
  ) throws(WireError) {
    let headersStart = start &+ IPv6Header.length
    let reach = header.payloadLength == 0 ? end : headersStart &+ Int(header.payloadLength)
    let headers = headersStart..<max(headersStart, min(reach, captured))
    let walk = try IPv6Extensions(parsing: bytes.extracting(headers), first: header.nextHeader)
    let jumbo = header.payloadLength == 0 ? walk.jumboLength.map { headersStart &+ $0 } : nil
    source = .v6(header.source)
    destination = .v6(header.destination)
    self.start = start
    payloadProtocol = walk.payloadProtocol
    fragment = walk.fragment
    payload =
      headersStart
      &+ walk.length..<max(
        headersStart &+ walk.length, min(jumbo ?? reach, headers.upperBound))
    wireLength = max((jumbo ?? reach) &- headersStart &- walk.length, 0)
    isDestinationFinal = !walk.isUnderWay
  }

  /// Steps over the first `octets` of the payload, a header of this packet's own.
  mutating func drop(_ octets: Int, before next: IPProtocol) {
    payloadProtocol = next
    payload = min(payload.lowerBound &+ octets, payload.upperBound)..<payload.upperBound
    wireLength = max(wireLength &- octets, 0)
  }
}
