/// One UDP datagram between two ends.
public struct UDPDatagram: Hashable, Sendable {
  /// Who sent it.
  public var source: Endpoint
  /// For whom it is.
  public var destination: Endpoint
  /// The data.
  public var payload: [UInt8]

  /// Creates a datagram.
  public init(from source: Endpoint, to destination: Endpoint, payload: [UInt8]) {
    self.source = source
    self.destination = destination
    self.payload = payload
  }

  /// The datagram as an IP packet with the right checksums.
  ///
  /// - Throws: ``EncodingError/mixedFamilies(_:_:)``, and
  ///   ``EncodingError/doesNotFit(_:octets:limit:)`` when the data is too long for a packet.
  public func packet(hopLimit: UInt8 = 64) throws(EncodingError) -> [UInt8] {
    let octets = UDPHeader.octets + payload.count
    guard let length = UInt16(exactly: octets) else {
      throw .doesNotFit(.udp, octets: octets, limit: Int(UInt16.max))
    }
    var bytes = try ipHeader(
      from: source.address, to: destination.address, payloadProtocol: .udp, payloadLength: octets,
      hopLimit: hopLimit)
    let start = bytes.count
    UDPHeader(
      sourcePort: source.port, destinationPort: destination.port, length: length, checksum: 0
    )
    .append(to: &bytes)
    bytes += payload
    let pseudo = PseudoHeader(
      source: source.address, destination: destination.address, transportProtocol: .udp,
      length: UInt32(length))
    var sum = pseudo.sum
    sum.add(bytes.span.extracting(start...))
    bytes.overwrite(pseudo.expected(from: sum.checksum), at: start + 6)
    return bytes
  }
}
