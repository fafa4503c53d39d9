import Wire

/// The two ends of a flow, whichever sends: the smaller end first.
struct FlowKey: Hashable, Sendable {
  let low: Endpoint
  let high: Endpoint

  /// Names the flow of a segment; tells whether its source is the smaller end.
  static func of(
    _ source: Endpoint, _ destination: Endpoint
  ) -> (key: FlowKey, isLowSource: Bool) {
    source.precedes(destination)
      ? (FlowKey(low: source, high: destination), true)
      : (FlowKey(low: destination, high: source), false)
  }

  /// A hash that nobody can aim at who does not know `secret`: each half of the name is multiplied
  /// with what only the secret tells.
  @inline(__always)
  func hash(_ secret: UInt64) -> UInt32 {
    let ports = UInt64(low.port) << 16 | UInt64(high.port)
    var word = secret ^ ports
    switch (low.address, high.address) {
    case (.v4(let low), .v4(let high)):
      word = mixed(word, UInt64(low.rawValue), UInt64(high.rawValue))
    case (let low, let high):
      word = mixed(word, low.words.0, low.words.1)
      word = mixed(word, high.words.0, high.words.1)
    }
    return UInt32(truncatingIfNeeded: word ^ word >> 32)
  }

  @inline(__always)
  private func mixed(_ state: UInt64, _ high: UInt64, _ low: UInt64) -> UInt64 {
    let product = (state ^ low ^ 0x9E37_79B9_7F4A_7C15)
      .multipliedFullWidth(by: high ^ state.byteSwapped ^ 0xE703_7ED1_A0B4_28DB)
    return product.high ^ product.low
  }
}

extension Endpoint {
  /// An order of ends that means nothing but is one.
  @inline(__always)
  fileprivate func precedes(_ other: Self) -> Bool {
    if case (.v4(let ours), .v4(let theirs)) = (address, other.address) {
      return UInt64(ours.rawValue) << 16 | UInt64(port)
        < UInt64(theirs.rawValue) << 16 | UInt64(other.port)
    }
    let (ours, theirs) = (address.words, other.address.words)
    if ours.0 != theirs.0 { return ours.0 < theirs.0 }
    return ours.1 != theirs.1 ? ours.1 < theirs.1 : port < other.port
  }
}

extension IPAddress {
  /// The address as two words; an IPv4 address and the IPv6 address that maps it differ.
  var words: (UInt64, UInt64) {
    switch self {
    case .v4(let address): (0, UInt64(address.rawValue) | 1 << 63)
    case .v6(let address): (address.high, address.low)
    }
  }
}
