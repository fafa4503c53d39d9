public import CaptureFiles
import Determinism
public import Wire

/// What one captured packet is to somebody who looks for TCP.
public enum ObservedFrame: Hashable, Sendable {
  /// A TCP segment.
  case segment(ObservedSegment)
  /// An ICMP error about a TCP segment.
  case icmpError(ICMPMessage, about: QuotedPacket)
  /// Anything else, with a word for it.
  case other(String)

  /// Reads `packet`, the `number`th of its file.
  public init(_ packet: CapturedPacket, number: Int) {
    do throws(WireError) {
      let frame = try DecodedFrame(
        parsing: packet.bytes.span, linkType: LinkType(rawValue: packet.linkType),
        originalLength: packet.originalLength)
      self = Self(frame, of: packet, number: number)
    } catch {
      switch error {
      case .unsupportedLinkType(let linkType): self = .other("\(linkType)")
      case .truncated, .impossibleLength, .wrongVersion, .unknownAddressFamily, .tooManyHeaders:
        self = .other("unreadable")
      }
    }
  }

  private init(_ frame: DecodedFrame, of packet: CapturedPacket, number: Int) {
    switch (frame.transport, frame.addresses) {
    case (.tcp(let tcp), .some(let addresses)):
      self = .segment(
        ObservedSegment(tcp, between: addresses, in: packet, number: number))
    case (.icmp(let message), .some):
      if let quoted = message.quoted, quoted.transportProtocol == .tcp {
        self = .icmpError(message, about: quoted)
      } else {
        self = .other("ICMP")
      }
    case (.udp, _): self = .other("UDP")
    case (.cutTCP, _): self = .other("TCP cut inside its header")
    case (.fragment, _): self = .other("later fragments")
    case (.other(let number), _): self = .other("IP protocol \(number.rawValue)")
    case (.unreadable, _): self = .other("unreadable")
    case (.none, _), (.tcp, .none), (.icmp, .none): self = .other("not IP")
    }
  }
}

extension ObservedSegment {
  fileprivate init(
    _ tcp: DecodedTCP, between addresses: (source: IPAddress, destination: IPAddress),
    in packet: CapturedPacket, number: Int
  ) {
    let kept = tcp.payload.clamped(to: packet.bytes.indices)
    let flags = packet.flags ?? []
    self.init(
      frame: number, time: packet.time ?? .zero, isTimed: packet.time != nil,
      source: Endpoint(addresses.source, port: tcp.header.sourcePort),
      destination: Endpoint(addresses.destination, port: tcp.header.destinationPort),
      flags: tcp.header.flags, sequence: tcp.header.sequence,
      acknowledgment: tcp.header.acknowledgment, window: tcp.header.window, options: tcp.options,
      optionsEnding: tcp.optionsEnding, dataLength: max(0, tcp.payloadLength),
      dataStart: Array(packet.bytes[kept].prefix(StampReading.longest)),
      checksum: flags.contains(.checksumNotReady)
        ? .partial : flags.contains(.checksumValid) ? .good : tcp.checksum,
      digest: Self.digest(of: packet.bytes))
  }

  /// FNV-1a, an octet a step: duplicates are told by equal octets, and a collision would
  /// only mislabel one packet of a liar's own flow.
  private static func digest(of bytes: [UInt8]) -> UInt64 {
    var digest: UInt64 = 0xCBF2_9CE4_8422_2325
    for octet in bytes { digest = (digest ^ UInt64(octet)) &* 0x100_0000_01B3 }
    return digest
  }
}
