extension FrameWalk {
  /// Two words, their length in words of the first one's lower bits, and the next protocol
  /// (RFC 8300 §2.2 and §2.3).
  mutating func enterServiceChain(_ bytes: Span<UInt8>) throws(WireError) -> NextLayer {
    try countLayer()
    try require(8, for: .serviceChain)
    let first = bytes.uint32(at: offset)
    let path = bytes.uint32(at: offset + 4)
    let length = Int(first >> 16 & 0x3F) * 4
    guard length >= 8 else {
      throw .impossibleLength(.serviceChain, octets: length, allowed: 8...252)
    }
    try require(length, for: .serviceChain)
    skip(length)
    encapsulations.append(
      .serviceChain(path: path >> 8, index: UInt8(truncatingIfNeeded: path)))
    return Self.behind(nextProtocol: UInt8(truncatingIfNeeded: first))
  }

  /// The numbers that service chains and VXLAN's extension share (RFC 8300 §9.1.4).
  static func behind(nextProtocol: UInt8) -> NextLayer {
    switch nextProtocol {
    case 1: .etherType(.ipv4)
    case 2: .etherType(.ipv6)
    case 3: .ethernet
    case 4: .etherType(.serviceChain)
    case 5: .etherType(.mpls)
    default: .left(.unreadable(.serviceChain))
    }
  }
}
