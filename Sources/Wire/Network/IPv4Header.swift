/// An IPv4 header (RFC 791 §3.1): what its bytes say, unjudged where nothing depends on it.
public struct IPv4Header: Hashable, Sendable {
  /// DSCP in the upper six bits, ECN in the lower two.
  public var typeOfService: UInt8
  /// Header and payload in octets; 0 for a packet too big to say so, which the card was to cut.
  public var totalLength: UInt16
  /// What the fragments of one packet share.
  public var identification: UInt16
  /// The flags and the fragment offset as they stand: reserved, DF, MF and 13 bits.
  public var fragmentWord: UInt16
  /// How many routers may still pass it on.
  public var timeToLive: UInt8
  /// What follows.
  public var payloadProtocol: IPProtocol
  /// The header's checksum as it stands.
  public var checksum: UInt16
  /// Who sent the packet.
  public var source: IPv4Address
  /// For whom it is.
  public var destination: IPv4Address
  /// The options with their padding; a multiple of 4 octets, at most 40.
  public var options: [UInt8]

  /// The octets of a header without options.
  public static let minimumLength = 20

  /// Creates the header of a whole packet without options, with the right checksum.
  ///
  /// - Throws: ``EncodingError/doesNotFit(_:octets:limit:)`` when `payloadLength` exceeds 65,515.
  public init(
    from source: IPv4Address, to destination: IPv4Address, payloadProtocol: IPProtocol,
    payloadLength: Int, timeToLive: UInt8 = 64, identification: UInt16 = 0,
    typeOfService: UInt8 = 0
  ) throws(EncodingError) {
    let limit = Int(UInt16.max) - Self.minimumLength
    guard (0...limit).contains(payloadLength) else {
      throw .doesNotFit(.ipv4, octets: payloadLength, limit: limit)
    }
    self.typeOfService = typeOfService
    totalLength = UInt16(payloadLength + Self.minimumLength)
    self.identification = identification
    fragmentWord = 0x4000  // DF, as Linux sends TCP
    self.timeToLive = timeToLive
    self.payloadProtocol = payloadProtocol
    checksum = 0
    self.source = source
    self.destination = destination
    options = []
    checksum = rightChecksum
  }

  /// Reads a header from the front of `bytes`.
  ///
  /// - Throws: ``WireError/truncated(_:needed:available:)`` when header or options are not all
  ///   there, ``WireError/wrongVersion(_:version:)``, and
  ///   ``WireError/impossibleLength(_:octets:allowed:)`` for a header below 20 octets or a packet
  ///   shorter than its header.
  @inline(__always)
  public init(parsing bytes: Span<UInt8>) throws(WireError) {
    try bytes.require(Self.minimumLength, for: .ipv4)
    guard bytes[0] >> 4 == 4 else { throw .wrongVersion(.ipv4, version: bytes[0] >> 4) }
    let length = Int(bytes[0] & 15) * 4
    guard length >= Self.minimumLength else {
      throw .impossibleLength(.ipv4, octets: length, allowed: Self.minimumLength...60)
    }
    try bytes.require(length, for: .ipv4)
    typeOfService = bytes[1]
    totalLength = bytes.uint16(at: 2)
    identification = bytes.uint16(at: 4)
    fragmentWord = bytes.uint16(at: 6)
    timeToLive = bytes[8]
    payloadProtocol = IPProtocol(rawValue: bytes[9])
    checksum = bytes.uint16(at: 10)
    source = IPv4Address(rawValue: bytes.uint32(at: 12))
    destination = IPv4Address(rawValue: bytes.uint32(at: 16))
    guard totalLength == 0 || Int(totalLength) >= length else {
      throw .impossibleLength(.ipv4, octets: Int(totalLength), allowed: length...65_535)
    }
    options =
      length == Self.minimumLength ? [] : bytes.extracting(Self.minimumLength..<length).octets
  }

  /// Header and options in octets, from 20 to 60.
  public var length: Int { Self.minimumLength + options.count }

  /// Whether routers must not cut the packet.
  public var dontFragment: Bool { fragmentWord & 0x4000 != 0 }

  /// Which part of a packet this is.
  public var fragment: FragmentPosition {
    FragmentPosition(
      offset: Int(fragmentWord & 0x1FFF) * 8, isMoreToCome: fragmentWord & 0x2000 != 0)
  }

  /// Judges the header's own checksum; zero in a packet whose checksum the card was to fill in.
  public var checksumVerdict: ChecksumVerdict {
    var whole = sumWithoutChecksum
    whole.add(UInt32(checksum))
    return whole.folded == 0xFFFF
      ? .good : checksum == 0 ? .absent : .wrong(expected: rightChecksum, found: checksum)
  }

  /// What belongs in ``checksum``.
  public var rightChecksum: UInt16 { sumWithoutChecksum.checksum }

  private var sumWithoutChecksum: InternetChecksum {
    var sum = InternetChecksum()
    sum.add(UInt32(0x40 | length / 4) << 8 | UInt32(typeOfService))
    sum.add(UInt32(totalLength))
    sum.add(UInt32(identification))
    sum.add(UInt32(fragmentWord))
    sum.add(UInt32(timeToLive) << 8 | UInt32(payloadProtocol.rawValue))
    sum.add(source.rawValue)
    sum.add(destination.rawValue)
    if !options.isEmpty { sum.add(options.span) }
    return sum
  }

  /// Appends the header as it is, ``checksum`` and ``totalLength`` included.
  ///
  /// - Throws: ``EncodingError/doesNotFit(_:octets:limit:)`` when ``options`` is longer than 40
  ///   octets or not a multiple of 4.
  public func append(to bytes: inout [UInt8]) throws(EncodingError) {
    guard options.count <= 40, options.count % 4 == 0 else {
      throw .doesNotFit(.ipv4, octets: options.count, limit: 40)
    }
    bytes.append(UInt8(0x40 | length / 4))
    bytes.append(typeOfService)
    bytes.appendBigEndian(totalLength)
    bytes.appendBigEndian(identification)
    bytes.appendBigEndian(fragmentWord)
    bytes.append(timeToLive)
    bytes.append(payloadProtocol.rawValue)
    bytes.appendBigEndian(checksum)
    bytes.appendBigEndian(source.rawValue)
    bytes.appendBigEndian(destination.rawValue)
    bytes += options
  }
}
