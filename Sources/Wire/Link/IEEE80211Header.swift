/// An 802.11 header (802.11-2020 §9.2.3): what tells a data frame from others, and what follows it.
public struct IEEE80211Header: Hashable, Sendable {
  /// The two octets of frame control, the first one in the lower half.
  public var frameControl: UInt16
  /// The station that the frame is sent to over the air.
  public var receiver: MACAddress
  /// The station that sent it over the air.
  public var transmitter: MACAddress
  /// Sequence number in the upper twelve bits, the number of the part in the lower four.
  public var sequenceControl: UInt16
  /// The QoS control field; nil when there is none.
  public var qualityOfService: UInt16?
  /// The octets of the header, without padding.
  public var length: Int

  /// The octets of a header with three addresses.
  public static let minimumLength = 24

  /// Reads a header from the front of `bytes`; of a control frame, only that it is one.
  ///
  /// - Throws: ``WireError/truncated(_:needed:available:)``.
  public init(parsing bytes: Span<UInt8>) throws(WireError) {
    try bytes.require(2, for: .wireless)
    frameControl = UInt16(bytes[0]) | UInt16(bytes[1]) << 8
    receiver = MACAddress(rawValue: 0)
    transmitter = receiver
    sequenceControl = 0
    qualityOfService = nil
    length = 2
    guard type == 0 || type == 2, version == 0 else { return }
    try bytes.require(Self.minimumLength, for: .wireless)
    receiver = MACAddress(rawValue: bytes.uint64(at: 4) >> 16)
    transmitter = MACAddress(rawValue: bytes.uint64(at: 10) >> 16)
    sequenceControl = bytes.uint16(at: 22).byteSwapped
    length = Self.minimumLength
    guard type == 2 else { return }
    if hasFourAddresses { length += 6 }
    guard subtype & 8 != 0 else { return }
    try bytes.require(length + 2, for: .wireless)
    qualityOfService = bytes.uint16(at: length).byteSwapped
    length += 2
    if frameControl & 0x8000 != 0 { length += 4 }  // HT control
    try bytes.require(length, for: .wireless)
  }

  /// The version, 0.
  public var version: UInt8 { UInt8(truncatingIfNeeded: frameControl & 3) }

  /// 0 for management, 1 for control, 2 for data.
  public var type: UInt8 { UInt8(truncatingIfNeeded: frameControl >> 2 & 3) }

  /// The kind of its type, from 0 to 15.
  public var subtype: UInt8 { UInt8(truncatingIfNeeded: frameControl >> 4 & 15) }

  /// Whether the frame goes from one access point to another.
  public var hasFourAddresses: Bool { frameControl & 0x300 == 0x300 }

  /// Whether the data is enciphered.
  public var isProtected: Bool { frameControl & 0x4000 != 0 }

  /// Whether several frames are sent as one (A-MSDU).
  public var isAggregate: Bool { (qualityOfService ?? 0) & 0x80 != 0 }

  /// Whether the octets of a mesh may follow the header.
  var mayHaveMeshControl: Bool { (qualityOfService ?? 0) & 0x100 != 0 }

  /// Why the frame shows no data; nil when it has some.
  var emptiness: WirelessFrameKind? {
    guard version == 0 else { return .other }
    switch type {
    case 0: return .management
    case 1: return .control
    case 2: return subtype & 4 != 0 ? .null : sequenceControl & 15 != 0 ? .fragment : nil
    default: return .other
    }
  }
}

extension FrameWalk {
  mutating func enterWireless(
    _ bytes: Span<UInt8>, isPadded: Bool
  ) throws(WireError) -> NextLayer {
    let header = try IEEE80211Header(parsing: bytes.extracting(rest))
    link = .wireless(header)
    if let emptiness = header.emptiness { return .left(.wireless(emptiness)) }
    skip(isPadded ? (header.length + 3) & ~3 : header.length)
    // No cipher's first three octets can be these (the third is zero in CCMP, the second has its
    // first bit clear in TKIP), so some drivers' habit of leaving the bit set is seen through.
    if header.isProtected, !header.isAggregate, !startsWithSNAP(bytes) {
      return .left(.encryptedWireless)
    }
    if header.isAggregate { return try enterAggregate(bytes, isProtected: header.isProtected) }
    if header.mayHaveMeshControl { skipMeshControl(bytes) }
    return .llc
  }

  private func startsWithSNAP(_ bytes: Span<UInt8>, at distance: Int = 0) -> Bool {
    let start = offset &+ distance
    return captured &- start >= 3 && bytes[start] == LLCHeader.snapService
      && bytes[start + 1] == LLCHeader.snapService && bytes[start + 2] == 3
  }

  /// Two addresses and a length before each frame, which is padded to four octets
  /// (802.11-2020 §9.3.2.2.2).
  private mutating func enterAggregate(
    _ bytes: Span<UInt8>, isProtected: Bool
  ) throws(WireError) -> NextLayer {
    guard !isProtected || startsWithSNAP(bytes, at: 14) else { return .left(.encryptedWireless) }
    try require(14, for: .wireless)
    var frames = 0
    var position = offset
    while captured &- position >= 14 {
      frames += 1
      position &+= (14 + Int(bytes.uint16(at: position + 12)) + 3) & ~3
    }
    encapsulations.append(.aggregate(frames: frames))
    let length = Int(bytes.uint16(at: offset + 12))
    skip(14)
    bound(to: length)
    return .llc
  }

  /// Six octets, and as many more for each address of its extension (802.11-2020 §9.2.4.7.3).
  private mutating func skipMeshControl(_ bytes: Span<UInt8>) {
    guard offset < captured, !startsWithSNAP(bytes) else { return }
    let length = 6 + 6 * Int(bytes[offset] & 3)
    if startsWithSNAP(bytes, at: length) { skip(length) }
  }
}
