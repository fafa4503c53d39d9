/// Octets of a netlink message (netlink(7)): numbers in this machine's own order, attributes that
/// carry their length and begin at multiples of four.
struct NetlinkBody {
  private(set) var octets: [UInt8] = []

  init() {}

  /// Appends a number in the machine's order.
  mutating func append(_ number: some FixedWidthInteger) {
    var number = number.littleEndian
    #if _endian(big)
      number = number.byteSwapped
    #endif
    for _ in 0..<number.bitWidth / 8 {
      octets.append(UInt8(truncatingIfNeeded: number))
      number >>= 8
    }
  }

  /// Appends octets as they are.
  mutating func append(_ more: [UInt8]) { octets += more }

  /// Appends an attribute whose value is octets.
  mutating func append(attribute type: UInt16, _ value: [UInt8]) {
    append(UInt16(4 + value.count))
    append(type)
    octets += value
    pad()
  }

  /// Appends an attribute whose value is a number of 32 bits.
  mutating func append(attribute type: UInt16, _ number: UInt32) {
    var value = Self()
    value.append(number)
    append(attribute: type, value.octets)
  }

  /// Appends an attribute whose value is a text that ends in a zero.
  mutating func append(attribute type: UInt16, _ text: String) {
    append(attribute: type, Array(text.utf8) + [0])
  }

  /// Appends an attribute that holds others.
  mutating func append(attribute type: UInt16, holding build: (inout Self) -> Void) {
    var value = Self()
    build(&value)
    append(attribute: type, value.octets)
  }

  private mutating func pad() {
    while octets.count % 4 != 0 { octets.append(0) }
  }
}

/// Octets of an answer, read in the machine's own order.
struct NetlinkReading {
  let octets: ArraySlice<UInt8>

  /// The number at `offset` from the start; 0 beyond the end, as from a kernel that knows less.
  func number<Number: FixedWidthInteger & UnsignedInteger>(
    at offset: Int, as type: Number.Type = Number.self
  ) -> Number {
    let size = Number.bitWidth / 8
    guard offset >= 0, offset + size <= octets.count else { return 0 }
    let start = octets.startIndex + offset
    let ordered = octets[start..<start + size]
    var number: Number = 0
    #if _endian(big)
      for octet in ordered { number = number << 8 | Number(octet) }
    #else
      for octet in ordered.reversed() { number = number << 8 | Number(octet) }
    #endif
    return number
  }

  /// The octets from `offset` on, as many as there are of `count`.
  func part(at offset: Int, count: Int) -> ArraySlice<UInt8> {
    octets.dropFirst(offset).prefix(max(0, count))
  }

  /// The attributes from `offset` on; what does not hold together ends them.
  func attributes(from offset: Int) -> [(type: UInt16, value: NetlinkReading)] {
    var found: [(type: UInt16, value: NetlinkReading)] = []
    var place = offset
    while place + 4 <= octets.count {
      let length = Int(number(at: place, as: UInt16.self))
      guard length >= 4, place + length <= octets.count else { break }
      // The two uppermost bits say how the value is to be read (NLA_TYPE_MASK).
      let type = number(at: place + 2, as: UInt16.self) & 0x3FFF
      found.append((type, NetlinkReading(octets: part(at: place + 4, count: length - 4))))
      place += (length + 3) / 4 * 4
    }
    return found
  }
}
