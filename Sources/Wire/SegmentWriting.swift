extension Segment {
  /// Appends TCP header, options and data, with the right checksum.
  ///
  /// Reserved bits and the urgent pointer are zero: a segment knows neither.
  ///
  /// - Throws: ``EncodingError/mixedFamilies(_:_:)``, and what
  ///   ``TCPOptions/append(to:)`` throws; `bytes` is then as it was.
  public func append(to bytes: inout [UInt8]) throws(EncodingError) {
    try requireOneFamily(source.address, destination.address)
    var octets: [UInt8] = []
    try options.append(to: &octets)
    let start = bytes.count
    TCPHeader(of: self, optionsLength: octets.count).append(to: &bytes)
    bytes += octets
    bytes += payload
    var sum =
      PseudoHeader(
        source: source.address, destination: destination.address, transportProtocol: .tcp,
        length: UInt32(clamping: bytes.count - start)
      )
      .sum
    sum.add(bytes.span.extracting(start...))
    bytes.overwrite(sum.checksum, at: start + 16)
  }

  /// The segment as an IP packet with the right checksums: the only one that
  /// ``DecodedFrame/segment(in:)`` reads as this segment, for link type ``LinkType/raw``.
  ///
  /// - Throws: What ``append(to:)`` throws, and ``EncodingError/doesNotFit(_:octets:limit:)`` when
  ///   the data is too long for a packet.
  public func packet(hopLimit: UInt8 = 64) throws(EncodingError) -> [UInt8] {
    var octets: [UInt8] = []
    try append(to: &octets)
    return try ipHeader(
      from: source.address, to: destination.address, payloadProtocol: .tcp,
      payloadLength: octets.count, hopLimit: hopLimit) + octets
  }

  /// The segment as an Ethernet frame from `sender` to `receiver`, without padding.
  ///
  /// - Throws: What ``packet(hopLimit:)`` throws.
  public func ethernetFrame(
    from sender: MACAddress, to receiver: MACAddress, hopLimit: UInt8 = 64
  ) throws(EncodingError) -> [UInt8] {
    let packet = try packet(hopLimit: hopLimit)
    let etherType: EtherType =
      switch source.address {
      case .v4: .ipv4
      case .v6: .ipv6
      }
    var bytes: [UInt8] = []
    EthernetHeader(destination: receiver, source: sender, etherType: etherType).append(to: &bytes)
    return bytes + packet
  }
}

/// The IP header of the ends' family, ready for `payloadLength` octets to be appended.
func ipHeader(
  from source: IPAddress, to destination: IPAddress, payloadProtocol: IPProtocol,
  payloadLength: Int, hopLimit: UInt8
) throws(EncodingError) -> [UInt8] {
  var bytes: [UInt8] = []
  switch (source, destination) {
  case (.v4(let source), .v4(let destination)):
    let header = try IPv4Header(
      from: source, to: destination, payloadProtocol: payloadProtocol,
      payloadLength: payloadLength, timeToLive: hopLimit)
    try header.append(to: &bytes)
  case (.v6(let source), .v6(let destination)):
    let header = try IPv6Header(
      from: source, to: destination, nextHeader: payloadProtocol, payloadLength: payloadLength,
      hopLimit: hopLimit)
    header.append(to: &bytes)
  case (.v4, .v6), (.v6, .v4):
    throw .mixedFamilies(source, destination)
  }
  return bytes
}

private func requireOneFamily(
  _ source: IPAddress, _ destination: IPAddress
) throws(EncodingError) {
  switch (source, destination) {
  case (.v4, .v4), (.v6, .v6): return
  case (.v4, .v6), (.v6, .v4): throw .mixedFamilies(source, destination)
  }
}
