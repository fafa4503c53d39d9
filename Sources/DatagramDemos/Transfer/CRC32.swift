/// The checksum of Ethernet and gzip: CRC-32 of ISO 3309, polynomial 04C11DB7, bits reversed.
///
/// UDP has a checksum of its own, which a datagram that is damaged on purpose passes, as it is
/// damaged before it is made; this one finds every burst of up to 32 bits.
enum CRC32 {
  private static let table: [UInt32] = (0..<256).map { octet in
    (0..<8).reduce(UInt32(octet)) { value, _ in
      value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1
    }
  }

  /// The checksum of `octets`.
  static func of(_ octets: ArraySlice<UInt8>) -> UInt32 {
    var value = UInt32.max
    for octet in octets {
      value = table[Int(UInt8(truncatingIfNeeded: value) ^ octet)] ^ value >> 8
    }
    return ~value
  }
}
