extension FrameWalk {
  /// The labels down to the bottom of the stack, and what stands behind them.
  mutating func enterMPLS(_ bytes: Span<UInt8>) throws(WireError) -> NextLayer {
    try countLayer()
    var label: MPLSLabel
    repeat {
      try require(MPLSLabel.length, for: .mpls)
      label = MPLSLabel(rawValue: bytes.uint32(at: offset))
      try add(label)
      skip(MPLSLabel.length)
    } while !label.isBottom
    return try behindLabels(bytes)
  }

  /// Labels do not say what follows, and the first four bits tell only that it is no IP: an
  /// Ethernet address may begin with 4 or 6, and a control word begins with 0 (RFC 4928, RFC 4385).
  private mutating func behindLabels(_ bytes: Span<UInt8>) throws(WireError) -> NextLayer {
    try require(1, for: .mpls)
    let nibble = bytes[offset] >> 4
    if nibble == 4, looksLikeIPv4(bytes, at: offset, checked: true) { return .etherType(.ipv4) }
    if nibble == 6, looksLikeIPv6(bytes, at: offset) { return .etherType(.ipv6) }
    // An address may begin with four zero bits too, so a frame without a control word comes first.
    let isBare = looksLikeEthernet(bytes, at: offset)
    if isBare || nibble == 0 && looksLikeEthernet(bytes, at: offset &+ 4) {
      if !isBare { skip(4) }
      encapsulations.append(.pseudowire)
      return .ethernet
    }
    return nibble == 4 || nibble == 6 ? .ip : .left(.mplsPayload)
  }
}
