extension ICMPMessage {
  /// Whether it asks for an echo: what `ping` sends (RFC 792; RFC 4443 §4.1).
  public var isEchoRequest: Bool {
    switch family {
    case .v4: type == 8 && code == 0
    case .v6: type == 128 && code == 0
    }
  }
}

extension DecodedFrame {
  /// The IP packet that answers the echo request in this frame, from its receiver to its sender.
  ///
  /// - Parameter bytes: The bytes that this frame was read from.
  /// - Returns: The packet; nil when the frame holds no echo request, one that is cut or whose
  ///   checksum is wrong, or one behind extension headers.
  public func echoReply(in bytes: Span<UInt8>) -> [UInt8]? {
    guard case .icmp(let request) = transport, request.isEchoRequest,
      packet.upperBound <= bytes.count, let (source, destination) = addresses
    else { return nil }
    let number: IPProtocol
    let start: Int
    var guarded = InternetChecksum()
    switch network {
    case .ipv4(let header):
      number = .icmp
      start = packet.lowerBound + header.length
      guard start + Int(header.totalLength) - header.length == packet.upperBound else { return nil }
    case .ipv6(let header):
      number = .icmpv6
      start = packet.lowerBound + IPv6Header.length
      guard header.nextHeader == .icmpv6, start + Int(header.payloadLength) == packet.upperBound
      else { return nil }
      guarded =
        PseudoHeader(
          source: source, destination: destination, transportProtocol: .icmpv6,
          length: UInt32(header.payloadLength)
        )
        .sum
    case .other, .leftOut:
      return nil
    }
    // The sum over both addresses is the same the other way round.
    var message = bytes.extracting(start..<packet.upperBound).octets
    var sum = guarded
    sum.add(message.span)
    guard sum.folded == 0xFFFF else { return nil }
    message[0] = number == .icmp ? 0 : 129
    message.overwrite(0, at: 2)
    guarded.add(message.span)
    message.overwrite(guarded.checksum, at: 2)
    let header = try? ipHeader(
      from: destination, to: source, payloadProtocol: number, payloadLength: message.count,
      hopLimit: 64)
    return header.map { $0 + message }
  }
}
