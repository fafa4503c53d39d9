import SynCookies
import Testing
import Wire

@Suite("SipHash-2-4")
struct SipHashTests {
  static let key = SipKey(low: 0x0706_0504_0302_0100, high: 0x0F0E_0D0C_0B0A_0908)

  /// The paper's appendix and the reference implementation's table, for the key 00…0f and the
  /// messages 00, 00 01, … of these lengths.
  static let vectors: [(length: UInt8, hash: UInt64)] = [
    (0, 0x726F_DB47_DD0E_0E31), (1, 0x74F8_39C5_93DC_67FD), (2, 0x0D6C_8009_D9A9_4F5A),
    (3, 0x8567_6696_D7FB_7E2D), (7, 0xAB02_00F5_8B01_D137), (8, 0x93F5_F579_9A93_2462),
    (15, 0xA129_CA61_49BE_45E5), (63, 0x958A_324C_EB06_4572),
  ]

  @Test("gives the reference hash of every length in the table", arguments: vectors)
  func referenceVectors(length: UInt8, hash: UInt64) {
    let message = [UInt8](0..<length)
    #expect(SipHash.of(message.span, key: Self.key) == hash)
  }

  @Test("of a four-tuple is the hash of its octets in network order, for either family")
  func tupleIsHashedInNetworkOrder() throws {
    let v4 = try FourTuple(
      local: Endpoint(#require(IPAddress("198.51.100.2")), port: 0x0050),
      peer: Endpoint(#require(IPAddress("192.0.2.1")), port: 0x3039))
    let v4Octets: [UInt8] = [198, 51, 100, 2, 0x00, 0x50, 192, 0, 2, 1, 0x30, 0x39]
    #expect(v4.digest(key: Self.key) == SipHash.of(v4Octets.span, key: Self.key))

    let v6 = try FourTuple(
      local: Endpoint(#require(IPAddress("2001:db8::102:304:506:708")), port: 0xA1B2),
      peer: Endpoint(#require(IPAddress("2001:db8:1112:1314:1516:1718:191a:1b1c")), port: 0xC3D4))
    let v6Octets: [UInt8] =
      [0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0xA1, 0xB2]
      + [0x20, 0x01, 0x0D, 0xB8, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1A]
      + [0x1B, 0x1C, 0xC3, 0xD4]
    #expect(v6.digest(key: Self.key) == SipHash.of(v6Octets.span, key: Self.key))
  }
}
