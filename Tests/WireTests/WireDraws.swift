import Determinism
import Wire

/// Reads pairs of hexadecimal digits, spaces and line breaks between them ignored.
func octets(_ hex: String) -> [UInt8] {
  let digits = hex.compactMap(\.hexDigitValue)
  return stride(from: 0, to: digits.count - 1, by: 2).map {
    UInt8(digits[$0] << 4 | digits[$0 + 1])
  }
}

/// Reads a frame out of an array: a span of a global or a temporary cannot be passed on.
func decoded(
  _ bytes: [UInt8], _ linkType: LinkType = .raw, originalLength: Int? = nil
) throws(WireError) -> DecodedFrame {
  try DecodedFrame(parsing: bytes.span, linkType: linkType, originalLength: originalLength)
}

extension SeededGenerator {
  mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
  }

  mutating func count(upTo limit: Int) -> Int { Int(number(below: UInt64(limit) + 1)) }

  mutating func word() -> UInt16 { UInt16(truncatingIfNeeded: next()) }

  mutating func sequence() -> SequenceNumber {
    SequenceNumber(UInt32(truncatingIfNeeded: next()))
  }

  mutating func address(v6: Bool) -> IPAddress {
    v6
      ? .v6(IPv6Address(high: next(), low: next()))
      : .v4(IPv4Address(rawValue: UInt32(truncatingIfNeeded: next())))
  }

  /// Options of which at most one needs heap memory, so that they always fit.
  mutating func options() -> TCPOptions {
    var options = TCPOptions(
      maximumSegmentSize: chance(0.5) ? word() : nil,
      windowScale: chance(0.5) ? UInt8(truncatingIfNeeded: next()) : nil,
      sackPermitted: chance(0.5),
      timestamps: chance(0.5)
        ? TCPTimestamps(
          value: UInt32(truncatingIfNeeded: next()), echoReply: UInt32(truncatingIfNeeded: next()))
        : nil)
    switch number(below: 4) {
    case 0:
      options.others = [
        .sack(
          (0..<1 + count(upTo: 1)).map { _ in
            SACKBlock(leftEdge: sequence(), rightEdge: sequence())
          })
      ]
    case 1: options.others = [.fastOpen(cookie: bytes(count(upTo: 16)))]
    case 2: options.others = [.unknown(kind: 30, octets: bytes(count(upTo: 10)))]
    default: break
    }
    return options
  }

  mutating func segment() -> Segment {
    let v6 = chance(0.5)
    return Segment(
      from: Endpoint(address(v6: v6), port: word()), to: Endpoint(address(v6: v6), port: word()),
      TCPFlags(rawValue: UInt8(truncatingIfNeeded: next())), sequence: sequence(),
      acknowledgment: sequence(), window: word(), options: options(),
      payload: bytes(count(upTo: 40)))
  }
}

/// Packets of a SYN from 192.0.2.1:50000 to 192.0.2.80:8086 (or 2001:db8::1 and ::80), sequence
/// number 0x01020304, made and summed outside of this program.
enum Sample {
  static let syn4 = octets(
    """
    4500003c 00004000 4006b66a c0000201 c0000250 c3501f96 01020304 00000000 a002faf0 e1c50000
    020405b4 0402080a 0000000b 00000000 01030307
    """)
  static let syn6 = octets(
    """
    60000000 00280640 20010db8 00000000 00000000 00000001 20010db8 00000000 00000000 00000080
    c3501f96 01020304 00000000 a002faf0 0a250000 020405b4 0402080a 0000000b 00000000 01030307
    """)
  static let udp4 = octets(
    "4500001f 00004000 4011b67c c0000201 c0000250 14e91f96 000b82a4 616263")
  static let portUnreachable = octets(
    """
    45000038 00004000 4001b673 c0000201 c0000250 03031610 00000000 4500003c 00004000 4006b66a
    c0000201 c0000250 c3501f96 01020304
    """)
  static let ethernet = octets("0200000000b0 0200000000a0")

  static func expectedSyn(v6: Bool) -> Segment {
    let ends: [IPAddress?] =
      v6
      ? [IPAddress("2001:db8::1"), IPAddress("2001:db8::80")]
      : [IPAddress("192.0.2.1"), IPAddress("192.0.2.80")]
    return Segment(
      from: Endpoint(ends[0] ?? .v4(.any), port: 50_000),
      to: Endpoint(ends[1] ?? .v4(.any), port: 8_086), .syn,
      sequence: SequenceNumber(0x0102_0304), window: 64_240,
      options: TCPOptions(
        maximumSegmentSize: 1_460, windowScale: 7, sackPermitted: true,
        timestamps: TCPTimestamps(value: 11, echoReply: 0)))
  }
}
