/// What TCP and UDP sum up before their own bytes, so that a packet led astray is noticed
/// (RFC 9293 §3.1, RFC 8200 §8.1).
public struct PseudoHeader: Hashable, Sendable {
  /// Who sent the packet.
  public var source: IPAddress
  /// For whom it is in the end.
  public var destination: IPAddress
  /// The protocol of the bytes that follow.
  public var transportProtocol: IPProtocol
  /// The transport header and its data, in octets.
  public var length: UInt32

  /// Creates the pseudo header of `length` octets from `source` to `destination`.
  public init(
    source: IPAddress, destination: IPAddress, transportProtocol: IPProtocol, length: UInt32
  ) {
    self.source = source
    self.destination = destination
    self.transportProtocol = transportProtocol
    self.length = length
  }

  /// Its sum, to which the transport's bytes are to be added.
  @inline(__always)
  public var sum: InternetChecksum {
    var sum = InternetChecksum()
    sum.add(source)
    sum.add(destination)
    sum.add(UInt32(transportProtocol.rawValue))
    sum.add(length)
    return sum
  }

  /// Judges the checksum field at `offset` of `bytes`, the whole transport header with its data.
  ///
  /// A card that computes checksums itself is handed packets whose field holds only the folded sum
  /// of this pseudo header; a capture on the sending machine sees them so (Linux,
  /// `include/linux/skbuff.h`, CHECKSUM_PARTIAL).
  ///
  /// - Precondition: `offset` is even and two octets stand there.
  @inline(__always)
  public func verdict(on bytes: Span<UInt8>, fieldAt offset: Int) -> ChecksumVerdict {
    let found = bytes.uint16(at: offset)
    if found == 0, transportProtocol == .udp { return .absent }
    let pseudo = sum
    var whole = pseudo
    whole.add(bytes)
    if whole.folded == 0xFFFF { return .good }
    if found == pseudo.folded { return .partial }
    if found == 0 { return .absent }
    whole.add(UInt32(~found))
    return .wrong(expected: expected(from: whole.checksum), found: found)
  }

  /// What belongs in the field: UDP sends 0xFFFF for zero, since zero means none (RFC 768).
  func expected(from checksum: UInt16) -> UInt16 {
    checksum == 0 && transportProtocol == .udp ? 0xFFFF : checksum
  }
}

extension InternetChecksum {
  /// Adds the words of `address`.
  @inline(__always)
  public mutating func add(_ address: IPAddress) {
    switch address {
    case .v4(let address):
      add(address.rawValue)
    case .v6(let address):
      add(UInt32(truncatingIfNeeded: address.high >> 32))
      add(UInt32(truncatingIfNeeded: address.high))
      add(UInt32(truncatingIfNeeded: address.low >> 32))
      add(UInt32(truncatingIfNeeded: address.low))
    }
  }
}
