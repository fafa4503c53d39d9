extension FrameWalk {
  /// Eight octets with a 24-bit network and a type of Ethernet, and up to 252 octets of options,
  /// which are stepped over (RFC 8926 §3.4).
  mutating func enterGeneve(_ bytes: Span<UInt8>) throws(WireError) -> NextLayer {
    try require(8, for: .geneve)
    let length = 8 + Int(bytes[offset] & 0x3F) * 4
    try require(length, for: .geneve)
    let type = EtherType(rawValue: bytes.uint16(at: offset + 2))
    encapsulations.append(.geneve(network: bytes.uint32(at: offset + 4) >> 8))
    skip(length)
    return type == .transparentBridging ? .ethernet : .etherType(type)
  }
}
