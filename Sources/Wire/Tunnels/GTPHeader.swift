extension FrameWalk {
  /// Eight octets with a tunnel, four more when any of three flags is set, and extension headers
  /// whose first octet counts words and whose last one names the next (3GPP TS 29.281 §5).
  mutating func enterGTP(_ bytes: Span<UInt8>) throws(WireError) -> NextLayer {
    try require(8, for: .gtp)
    let flags = bytes[offset]
    let payload = Int(bytes.uint16(at: offset + 2))
    encapsulations.append(.gtp(tunnel: bytes.uint32(at: offset + 4)))
    skip(8)
    bound(to: payload)
    guard flags & 7 != 0 else { return .ip }
    try require(4, for: .gtp)
    var next = flags & 4 == 0 ? 0 : bytes[offset + 3]
    skip(4)
    while next != 0 {
      try require(1, for: .gtp)
      let length = Int(bytes[offset]) * 4
      guard length > 0 else {
        throw .impossibleLength(.gtp, octets: 0, allowed: 4...1_020)
      }
      try require(length, for: .gtp)
      next = bytes[offset + length - 1]
      skip(length)
    }
    return .ip
  }
}
