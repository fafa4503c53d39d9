extension FrameWalk {
  /// Eight octets with a 24-bit network (RFC 7348 §5); the extension says what follows
  /// (draft-ietf-nvo3-vxlan-gpe §3.1).
  mutating func enterVXLAN(
    _ bytes: Span<UInt8>, isExtended: Bool
  ) throws(WireError) -> NextLayer {
    try require(8, for: .vxlan)
    encapsulations.append(.vxlan(network: bytes.uint32(at: offset + 4) >> 8))
    let next: NextLayer =
      isExtended && bytes[offset] & 4 != 0
      ? Self.behind(nextProtocol: bytes[offset + 3]) : .ethernet
    skip(8)
    return next
  }
}
