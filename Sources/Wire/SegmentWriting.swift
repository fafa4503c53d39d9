extension Segment {
  /// Appends TCP header, options and data, with the right checksum.
  ///
  /// Reserved bits and the urgent pointer are zero: a segment knows neither.
  ///
  /// - Throws: ``EncodingError/mixedFamilies(_:_:)``, and what
  ///   ``TCPOptions/append(to:)`` throws; `bytes` is then as it was.
  public func append(to bytes: inout [UInt8]) throws(EncodingError) {
    try requireOneFamily(source.address, destination.address)
    let start = bytes.count
    TCPHeader(of: self, optionsLength: options.encodedLength).append(to: &bytes)
    do throws(EncodingError) {
      try options.append(to: &bytes)
    } catch {
      bytes.removeSubrange(start...)
      throw error
    }
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
    var bytes: [UInt8] = []
    try append(packetTo: &bytes, hopLimit: hopLimit)
    return bytes
  }

  /// Appends ``packet(hopLimit:)``, for those who write many into the same room.
  ///
  /// - Throws: What ``packet(hopLimit:)`` throws; `bytes` is then as it was.
  public func append(
    packetTo bytes: inout [UInt8], hopLimit: UInt8 = 64
  ) throws(EncodingError) {
    let start = bytes.count
    do throws(EncodingError) {
      try Wire.append(
        ipHeaderTo: &bytes, from: source.address, to: destination.address, payloadProtocol: .tcp,
        payloadLength: TCPHeader.minimumLength + options.encodedLength + payload.count,
        hopLimit: hopLimit)
      try append(to: &bytes)
    } catch {
      bytes.removeSubrange(start...)
      throw error
    }
  }

  /// The segment as an Ethernet frame from `sender` to `receiver`, without padding.
  ///
  /// - Throws: What ``packet(hopLimit:)`` throws.
  public func ethernetFrame(
    from sender: MACAddress, to receiver: MACAddress, hopLimit: UInt8 = 64
  ) throws(EncodingError) -> [UInt8] {
    var bytes: [UInt8] = []
    EthernetHeader(destination: receiver, source: sender, etherType: .of(source.address))
      .append(to: &bytes)
    try append(packetTo: &bytes, hopLimit: hopLimit)
    return bytes
  }
}

/// The IP header of the ends' family, ready for `payloadLength` octets to be appended.
func ipHeader(
  from source: IPAddress, to destination: IPAddress, payloadProtocol: IPProtocol,
  payloadLength: Int, hopLimit: UInt8
) throws(EncodingError) -> [UInt8] {
  var bytes: [UInt8] = []
  try append(
    ipHeaderTo: &bytes, from: source, to: destination, payloadProtocol: payloadProtocol,
    payloadLength: payloadLength, hopLimit: hopLimit)
  return bytes
}

/// Appends it.
private func append(
  ipHeaderTo bytes: inout [UInt8], from source: IPAddress, to destination: IPAddress,
  payloadProtocol: IPProtocol, payloadLength: Int, hopLimit: UInt8
) throws(EncodingError) {
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
}

private func requireOneFamily(
  _ source: IPAddress, _ destination: IPAddress
) throws(EncodingError) {
  switch (source, destination) {
  case (.v4, .v4), (.v6, .v6): return
  case (.v4, .v6), (.v6, .v4): throw .mixedFamilies(source, destination)
  }
}
