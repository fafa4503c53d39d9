// One check finds room for a whole word; of the part that it cuts out the compiler knows the length,
// so that the octets of the word are fetched at once.
extension Span<UInt8> {
  /// The two octets from `offset`, in network order.
  @inline(__always) package func uint16(at offset: Int) -> UInt16 {
    let word = extracting(offset..<offset + 2)
    return UInt16(word[0]) &<< 8 | UInt16(word[1])
  }

  /// The four octets from `offset`, in network order.
  @inline(__always) package func uint32(at offset: Int) -> UInt32 {
    let word = extracting(offset..<offset + 4)
    return UInt32(word[0]) &<< 24 | UInt32(word[1]) &<< 16 | UInt32(word[2]) &<< 8 | UInt32(word[3])
  }

  /// The eight octets from `offset`, in network order.
  @inline(__always) package func uint64(at offset: Int) -> UInt64 {
    let word = extracting(offset..<offset + 8)
    let high =
      UInt64(word[0]) &<< 56 | UInt64(word[1]) &<< 48 | UInt64(word[2]) &<< 40
      | UInt64(word[3]) &<< 32
    let low =
      UInt64(word[4]) &<< 24 | UInt64(word[5]) &<< 16 | UInt64(word[6]) &<< 8 | UInt64(word[7])
    return high | low
  }

  /// A copy of all octets.
  package var octets: [UInt8] {
    [UInt8](capacity: count) { copy in
      for index in indices { copy.append(self[index]) }
    }
  }

  /// Makes sure that `needed` octets are there, so that what follows need not look again.
  @inline(__always) package func require(_ needed: Int, for header: HeaderKind) throws(WireError) {
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
