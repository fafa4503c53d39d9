/// The order in which a capture file's writer put the octets of a number.
public enum ByteOrder: Hashable, Sendable, CaseIterable {
  /// Least significant octet first.
  case little
  /// Most significant octet first.
  case big
}

extension Span<UInt8> {
  /// The two octets from `offset`.
  @inline(__always)
  func word16(at offset: Int, _ order: ByteOrder) -> UInt16 {
    let first = UInt16(self[offset])
    let second = UInt16(self[offset + 1])
    return switch order {
    case .little: second << 8 | first
    case .big: first << 8 | second
    }
  }

  /// The four octets from `offset`.
  @inline(__always)
  func word32(at offset: Int, _ order: ByteOrder) -> UInt32 {
    let octets = extracting(offset..<offset + 4)
    let word =
      UInt32(octets[0]) | UInt32(octets[1]) << 8 | UInt32(octets[2]) << 16
      | UInt32(octets[3]) << 24
    return order == .little ? word : word.byteSwapped
  }

  /// The eight octets from `offset`.
  func word64(at offset: Int, _ order: ByteOrder) -> UInt64 {
    let first = UInt64(word32(at: offset, order))
    let second = UInt64(word32(at: offset + 4, order))
    return switch order {
    case .little: second << 32 | first
    case .big: first << 32 | second
    }
  }

  /// A copy of the octets in `range`.
  func octets(in range: Range<Int>) -> [UInt8] {
    var copy: [UInt8] = []
    copy.append(copying: extracting(range))
    return copy
  }
}

extension [UInt8] {
  /// Appends two octets, least significant first: the order in which this program writes files.
  mutating func appendLittleEndian(_ value: UInt16) {
    append(UInt8(truncatingIfNeeded: value))
    append(UInt8(truncatingIfNeeded: value >> 8))
  }

  /// Appends four octets, least significant first.
  mutating func appendLittleEndian(_ value: UInt32) {
    appendLittleEndian(UInt16(truncatingIfNeeded: value))
    appendLittleEndian(UInt16(truncatingIfNeeded: value >> 16))
  }

  /// Appends eight octets, least significant first.
  mutating func appendLittleEndian(_ value: UInt64) {
    appendLittleEndian(UInt32(truncatingIfNeeded: value))
    appendLittleEndian(UInt32(truncatingIfNeeded: value >> 32))
  }

  /// Appends two octets in `order`.
  mutating func append(_ value: UInt16, _ order: ByteOrder) {
    appendLittleEndian(order == .little ? value : value.byteSwapped)
  }

  /// Appends four octets in `order`.
  mutating func append(_ value: UInt32, _ order: ByteOrder) {
    appendLittleEndian(order == .little ? value : value.byteSwapped)
  }

  /// Appends a copy of all octets of `bytes`.
  mutating func append(copying bytes: Span<UInt8>) {
    // No reserveCapacity: one who appends piece after piece would copy everything each time.
    for index in bytes.indices { append(bytes[index]) }
  }
}
