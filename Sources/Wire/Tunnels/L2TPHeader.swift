extension FrameWalk {
  /// A word of flags, then a length, tunnel and session, two counters and a gap as they say
  /// (RFC 2661 §3.1).
  mutating func enterL2TP(_ bytes: Span<UInt8>) throws(WireError) -> NextLayer {
    try require(6, for: .l2tp)
    let flags = bytes.uint16(at: offset)
    var length = flags & 0x4000 == 0 ? 2 : 4
    try require(length + 4, for: .l2tp)
    let identifiers = bytes.uint32(at: offset + length)
    length += flags & 0x0800 == 0 ? 4 : 8
    if flags & 0x0200 != 0 {
      try require(length + 2, for: .l2tp)
      length += 2 + Int(bytes.uint16(at: offset + length))
    }
    try require(length, for: .l2tp)
    encapsulations.append(
      .l2tp(
        tunnel: UInt16(truncatingIfNeeded: identifiers >> 16),
        session: UInt16(truncatingIfNeeded: identifiers)))
    skip(length)
    return .ppp
  }
}
