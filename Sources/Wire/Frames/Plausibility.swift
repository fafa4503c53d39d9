/// Whether bytes look like a header where nothing says that they are one.
extension FrameWalk {
  /// Tells whether an IPv4 header at `start` agrees with the room that there is; `checked`,
  /// that its checksum is right, or zero.
  func looksLikeIPv4(_ bytes: Span<UInt8>, at start: Int, checked: Bool = false) -> Bool {
    guard start <= captured,
      let header = try? IPv4Header(parsing: bytes.extracting(start..<captured)),
      Int(header.totalLength) <= end &- start
    else { return false }
    guard checked else { return true }
    switch header.checksumVerdict {
    case .good, .absent: return true
    case .partial, .wrong, .uncheckable: return false
    }
  }

  /// Tells whether an IPv6 header at `start` agrees with the room that there is.
  func looksLikeIPv6(_ bytes: Span<UInt8>, at start: Int) -> Bool {
    guard start <= captured,
      let header = try? IPv6Header(parsing: bytes.extracting(start..<captured))
    else { return false }
    return IPv6Header.length &+ Int(header.payloadLength) <= end &- start
  }

  /// Tells whether a header of either IP stands at `start`.
  func looksLikeIP(_ bytes: Span<UInt8>, at start: Int) -> Bool {
    looksLikeIPv4(bytes, at: start) || looksLikeIPv6(bytes, at: start)
  }

  /// Tells whether an Ethernet header at `start` names a type that the bytes behind it are of.
  func looksLikeEthernet(_ bytes: Span<UInt8>, at start: Int) -> Bool {
    guard captured &- start > EthernetHeader.length else { return false }
    let type = EtherType(rawValue: bytes.uint16(at: start + 12))
    let payload = start + EthernetHeader.length
    switch type {
    case .ipv4: return looksLikeIPv4(bytes, at: payload)
    case .ipv6: return looksLikeIPv6(bytes, at: payload)
    case .arp: return captured &- payload >= 4 && bytes.uint16(at: payload + 2) == 0x0800
    case .pppoeSession: return bytes[payload] == 0x11
    case .mpls, .mplsUpstream, .backboneTag, .extenderTag, .serviceChain: return true
    case _ where type.isVLANTag: return true
    default: return false
    }
  }
}
