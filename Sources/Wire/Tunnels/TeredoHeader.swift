extension FrameWalk {
  /// Up to two indications before an IPv6 packet: who it is from, and where it came from
  /// (RFC 4380 §5.1.1).
  mutating func enterTeredo(_ bytes: Span<UInt8>) throws(WireError) -> NextLayer {
    encapsulations.append(.teredo)
    try require(4, for: .teredo)
    if bytes.uint16(at: offset) == 1 {
      let length = 13 + Int(bytes[offset + 2]) + Int(bytes[offset + 3])
      try require(length + 2, for: .teredo)
      skip(length)
    }
    if bytes.uint16(at: offset) == 0 {
      try require(8, for: .teredo)
      skip(8)
    }
    return .etherType(.ipv6)
  }
}
