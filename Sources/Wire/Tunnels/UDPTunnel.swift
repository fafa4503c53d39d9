/// The tunnels that are known by a UDP port alone.
enum UDPTunnel {
  case vxlan
  case vxlanGPE
  case geneve
  case gtp
  case teredo
  case mpls
  case l2tp

  /// What uses `port`: IANA's numbers, and 8472, which Linux took for VXLAN before there was one.
  init?(port: UInt16) {
    switch port {
    case 1701: self = .l2tp
    case 2152: self = .gtp
    case 3544: self = .teredo
    case 4789, 8472: self = .vxlan
    case 4790: self = .vxlanGPE
    case 6081: self = .geneve
    case 6635: self = .mpls
    default: return nil
    }
  }
}

extension FrameWalk {
  /// The tunnel in a UDP packet; nil when no port is one's, or the bytes are not what it sends.
  func tunnelOverUDP(in bytes: Span<UInt8>) -> UDPTunnel? {
    guard packet.payload.count > UDPHeader.octets + 4 else { return nil }
    let start = packet.payload.lowerBound
    guard
      let tunnel = UDPTunnel(port: bytes.uint16(at: start + 2))
        ?? UDPTunnel(port: bytes.uint16(at: start))
    else { return nil }
    var inside = self
    inside.offset = start + UDPHeader.octets
    inside.captured = packet.payload.upperBound
    inside.end = start + packet.wireLength
    return inside.isPlausible(tunnel, bytes) ? tunnel : nil
  }

  /// Tells whether the fixed bits of `tunnel`'s header, and where those are few what follows it,
  /// are as they must be.
  private func isPlausible(_ tunnel: UDPTunnel, _ bytes: Span<UInt8>) -> Bool {
    let data = bytes.extracting(rest)
    switch tunnel {
    case .vxlan:
      guard data.count >= 8 else { return false }
      return data.uint32(at: 0) == 0x0800_0000 && data[7] == 0
        || data[0] & 0x7F == 0x08 && looksLikeEthernet(bytes, at: offset + 8)
    case .vxlanGPE:
      return data.count >= 8 && data[0] & 0xFA == 0x08 && data.uint16(at: 1) == 0
        && (data[0] & 4 == 0 || (1...5).contains(data[3]))
    case .geneve:
      guard data.count >= 8 else { return false }
      return data[0] >> 6 == 0 && data[1] & 0x3F == 0 && data[7] == 0
        && [0x6558, 0x0800, 0x86DD, 0x8847].contains(data.uint16(at: 2))
    case .gtp:
      return data.count >= 8 && data[0] >> 4 == 3 && data[1] == 0xFF
        && Int(data.uint16(at: 2)) + 8 <= end &- offset
    case .teredo:
      return data[0] >> 4 == 6 ? looksLikeIPv6(bytes, at: offset) : data[0] == 0 && data[1] < 2
    case .mpls:
      return data[2] & 1 == 1
        ? looksLikeIP(bytes, at: offset + 4) || looksLikeEthernet(bytes, at: offset + 4)
        : data.count >= 12
    case .l2tp:
      return data.uint16(at: 0) & 0x800F == 2
    }
  }

  /// Reads the headers of UDP and of `tunnel`, both ``tunnelOverUDP(in:)``'s.
  mutating func enter(_ tunnel: UDPTunnel, _ bytes: Span<UInt8>) throws(WireError) -> NextLayer {
    try require(UDPHeader.octets, for: .udp)
    skip(UDPHeader.octets)
    switch tunnel {
    case .vxlan, .vxlanGPE: return try enterVXLAN(bytes, isExtended: tunnel == .vxlanGPE)
    case .geneve: return try enterGeneve(bytes)
    case .gtp: return try enterGTP(bytes)
    case .teredo: return try enterTeredo(bytes)
    case .mpls: return .etherType(.mpls)
    case .l2tp: return try enterL2TP(bytes)
    }
  }
}
