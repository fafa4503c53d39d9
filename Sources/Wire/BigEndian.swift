extension Span<UInt8> {
  /// The two octets from `offset`, in network order.
  package func uint16(at offset: Int) -> UInt16 {
    UInt16(self[offset]) << 8 | UInt16(self[offset + 1])
  }

  /// The four octets from `offset`, in network order.
  package func uint32(at offset: Int) -> UInt32 {
    UInt32(uint16(at: offset)) << 16 | UInt32(uint16(at: offset + 2))
  }

  /// The eight octets from `offset`, in network order.
  package func uint64(at offset: Int) -> UInt64 {
    UInt64(uint32(at: offset)) << 32 | UInt64(uint32(at: offset + 4))
  }

  /// A copy of all octets.
  package var octets: [UInt8] {
    [UInt8](capacity: count) { copy in
      for index in indices { copy.append(self[index]) }
    }
  }

  /// Makes sure that `needed` octets are there, so that what follows need not look again.
  package func require(_ needed: Int, for header: HeaderKind) throws(WireError) {
    guard count >= needed else {
      throw .truncated(header, needed: needed, available: count)
    }
  }
}

extension [UInt8] {
  /// Appends two octets in network order.
  package mutating func appendBigEndian(_ value: UInt16) {
    append(UInt8(truncatingIfNeeded: value >> 8))
    append(UInt8(truncatingIfNeeded: value))
  }

  /// Appends four octets in network order.
  package mutating func appendBigEndian(_ value: UInt32) {
    appendBigEndian(UInt16(truncatingIfNeeded: value >> 16))
    appendBigEndian(UInt16(truncatingIfNeeded: value))
  }

  /// Appends eight octets in network order.
  package mutating func appendBigEndian(_ value: UInt64) {
    appendBigEndian(UInt32(truncatingIfNeeded: value >> 32))
    appendBigEndian(UInt32(truncatingIfNeeded: value))
  }

  /// Appends the octets of `address` in network order.
  package mutating func append(_ address: IPAddress) {
    switch address {
    case .v4(let address):
      appendBigEndian(address.rawValue)
    case .v6(let address):
      appendBigEndian(address.high)
      appendBigEndian(address.low)
    }
  }

  /// Overwrites the two octets from `offset`, in network order.
  package mutating func overwrite(_ value: UInt16, at offset: Int) {
    self[offset] = UInt8(truncatingIfNeeded: value >> 8)
    self[offset + 1] = UInt8(truncatingIfNeeded: value)
  }
}
