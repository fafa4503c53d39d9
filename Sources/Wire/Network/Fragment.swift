/// What the fragments of one IP packet have in common (RFC 791 §3.2, RFC 8200 §4.5), and the private
/// network that they were seen in.
struct FragmentKey: Hashable, Sendable {
  var source: IPAddress
  var destination: IPAddress
  var identification: UInt32
  /// The protocol for IPv4; always 0 for IPv6, where only the first fragment's counts.
  var payloadProtocol: UInt8
  var realm: UInt64
}

/// A fragment of an IP packet that was captured whole; ranges count in the frame.
struct Fragment {
  var key: FragmentKey
  /// Where its data belongs in the packet's, in octets.
  var offset: Int
  /// Whether no other comes behind it.
  var isLast: Bool
  /// The IP header with the extension headers that every fragment has.
  var headers: Range<Int>
  /// The data.
  var payload: Range<Int>
  /// Of IPv6, what the data begins with, and where in ``headers`` that is to be said.
  var continuation: Continuation?

  struct Continuation: Sendable {
    var nextHeader: UInt8
    var position: Int
  }

  /// The fragment that `walk` has stopped at; nil when the capture did not keep all of it.
  init?(_ walk: borrowing FrameWalk, in bytes: Span<UInt8>) {
    let packet = walk.packet
    guard packet.payload.count == packet.wireLength else { return nil }
    let realm = walk.encapsulations.reduce(into: UInt64(0)) { realm, layer in
      if let part = layer.realm { realm = realm &* 0x100_0000_01B3 ^ part }
    }
    key = FragmentKey(
      source: packet.source, destination: packet.destination, identification: 0,
      payloadProtocol: 0, realm: realm)
    switch walk.header {
    case .ipv4(let header):
      key.identification = UInt32(header.identification)
      key.payloadProtocol = header.payloadProtocol.rawValue
      offset = Int(header.fragmentWord & 0x1FFF) * 8
      isLast = header.fragmentWord & 0x2000 == 0
      headers = packet.start..<packet.start + header.length
      payload = headers.upperBound..<max(headers.upperBound, packet.payload.upperBound)
      continuation = nil
    case .ipv6(let header):
      let start = packet.start + IPv6Header.length
      let behind = bytes.extracting(start..<max(start, packet.payload.upperBound))
      guard let extensions = try? IPv6Extensions(parsing: behind, first: header.nextHeader),
        let place = extensions.fragmentHeader
      else { return nil }
      let word = behind.uint16(at: place + 2)
      key.identification = behind.uint32(at: place + 4)
      offset = Int(word & 0xFFF8)
      isLast = word & 1 == 0
      headers = packet.start..<start + place
      payload = start + place + 8..<max(start + place + 8, packet.payload.upperBound)
      continuation = Continuation(
        nextHeader: behind[place],
        position: extensions.announcement.map { IPv6Header.length + $0 } ?? 6)
    case .other, .leftOut:
      return nil
    }
  }
}
