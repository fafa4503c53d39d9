public import Wire

/// Which packets somebody wants to see: by what they are to TCP's handshake, by ports, by hosts.
///
/// It asks about the innermost IP packet, so that it means the same for IPv4, IPv6, VLANs and
/// tunnels. Between the three kinds of questions stands AND, between the answers to one of them OR.
public struct SegmentFilter: Hashable, Sendable {
  /// What packets may be to a handshake.
  public enum Part: Hashable, Sendable, CaseIterable {
    /// Anything: TCP, UDP and ICMP.
    case anything
    /// All that tells a handshake's story: segments with SYN, RST or FIN, segments without data,
    /// and ICMP errors about TCP.
    case handshake
    /// Segments with SYN.
    case syn
  }

  /// What they may be.
  public var part: Part
  /// The ports that one end must have; any when empty.
  public var ports: [UInt16]
  /// The addresses that one end must have; any when empty.
  public var hosts: [IPAddress]

  /// Creates a filter, by default one that lets everything pass.
  public init(_ part: Part = .anything, ports: [UInt16] = [], hosts: [IPAddress] = []) {
    self.part = part
    self.ports = ports
    self.hosts = hosts
  }

  /// Whether it asks nothing.
  public var isOpen: Bool { part == .anything && ports.isEmpty && hosts.isEmpty }

  /// Says whether a TCP segment passes.
  ///
  /// - Parameters:
  ///   - source: Who sent it.
  ///   - destination: For whom it is.
  ///   - flags: Its control bits.
  ///   - dataLength: Its octets of data on the wire.
  /// - Returns: Whether it does.
  public func accepts(
    from source: Endpoint, to destination: Endpoint, _ flags: TCPFlags, dataLength: Int
  ) -> Bool {
    let plays =
      switch part {
      case .anything: true
      case .handshake: !flags.isDisjoint(with: [.syn, .rst, .fin]) || dataLength <= 0
      case .syn: flags.contains(.syn)
      }
    return plays && concerns(source, destination)
  }

  /// Says whether a segment passes.
  public func accepts(_ segment: ObservedSegment) -> Bool {
    accepts(
      from: segment.source, to: segment.destination, segment.flags,
      dataLength: segment.dataLength)
  }

  /// Says whether a frame passes, by the innermost IP packet in it.
  ///
  /// Of a TCP header that the capture cut before the control bits nobody can say what it was: it
  /// passes as part of a handshake, and not as a SYN.
  public func accepts(_ frame: DecodedFrame) -> Bool {
    guard let (source, destination) = frame.addresses else { return isOpen }
    switch frame.transport {
    case .tcp(let tcp):
      return accepts(
        from: Endpoint(source, port: tcp.header.sourcePort),
        to: Endpoint(destination, port: tcp.header.destinationPort), tcp.header.flags,
        dataLength: tcp.payloadLength)
    case .cutTCP(let start, _):
      return part != .syn
        && concerns(
          Endpoint(source, port: start.sourcePort),
          Endpoint(destination, port: start.destinationPort))
    case .udp(let udp):
      return part == .anything
        && concerns(
          Endpoint(source, port: udp.header.sourcePort),
          Endpoint(destination, port: udp.header.destinationPort))
    case .icmp(let message):
      guard let quoted = message.quoted else { return acceptsBare(source, destination) }
      return acceptsError(about: quoted, source, destination)
    case .fragment, .other, .unreadable, .none:
      return acceptsBare(source, destination)
    }
  }

  /// An error passes with the packet that it is about, or with the host that sends or gets it.
  private func acceptsError(
    about quoted: QuotedPacket, _ source: IPAddress, _ destination: IPAddress
  ) -> Bool {
    let plays =
      switch part {
      case .anything: true
      case .handshake: quoted.transportProtocol == .tcp
      case .syn: false
      }
    return plays && hasPort(quoted.source.port, quoted.destination.port)
      && (hasHost(quoted.source.address, quoted.destination.address)
        || hasHost(source, destination))
  }

  /// A packet without ports passes when nobody asks for any.
  private func acceptsBare(_ source: IPAddress, _ destination: IPAddress) -> Bool {
    part == .anything && ports.isEmpty && hasHost(source, destination)
  }

  private func concerns(_ source: Endpoint, _ destination: Endpoint) -> Bool {
    hasPort(source.port, destination.port) && hasHost(source.address, destination.address)
  }

  private func hasPort(_ one: UInt16, _ other: UInt16) -> Bool {
    ports.isEmpty || ports.contains { $0 == one || $0 == other }
  }

  private func hasHost(_ one: IPAddress, _ other: IPAddress) -> Bool {
    hosts.isEmpty || hosts.contains { $0 == one || $0 == other }
  }
}
