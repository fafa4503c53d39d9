/// What a walk over the extension headers of an IPv6 packet found (RFC 8200 §4).
public struct IPv6Extensions: Hashable, Sendable {
  /// The protocol behind the last extension header.
  public private(set) var payloadProtocol: IPProtocol
  /// The octets of all extension headers together.
  public private(set) var length: Int
  /// Which part of the packet this is.
  public private(set) var fragment: FragmentPosition
  /// Whether a routing header has stops left, so that the packet's destination is not its last one.
  public private(set) var isUnderWay: Bool

  /// What a jumbo payload option says of the octets behind the IPv6 header (RFC 2675 §2); nil
  /// without one.
  public private(set) var jumboLength: Int?
  /// Where the fragment header stands; nil without one.
  private(set) var fragmentHeader: Int?
  /// Where the octet stands that announces the fragment header; nil when that is IPv6's own.
  private(set) var announcement: Int?

  /// More extension headers than this are an attack on the reader.
  public static let limit = 16

  /// Walks over the headers at the front of `bytes`, which begin with a `first`.
  ///
  /// The walk ends at the first header that is none of the known ones, and behind the fragment
  /// header of a later fragment, whose bytes begin in the middle of something.
  ///
  /// - Throws: ``WireError/truncated(_:needed:available:)`` when a header is not all there, and
  ///   ``WireError/tooManyHeaders(_:limit:)``.
  public init(parsing bytes: Span<UInt8>, first: IPProtocol) throws(WireError) {
    payloadProtocol = first
    length = 0
    fragment = .whole
    isUnderWay = false
    var previous: Int?
    for _ in 0..<Self.limit {
      guard let octets = try lengthOfHeader(in: bytes) else { return }
      try bytes.require(length + octets, for: .ipv6Extension)
      note(bytes.extracting(length..<length + octets), behind: previous)
      previous = length
      payloadProtocol = IPProtocol(rawValue: bytes[length])
      length += octets
      if case .later = fragment { return }
    }
    guard try lengthOfHeader(in: bytes) == nil else {
      throw .tooManyHeaders(.ipv6Extension, limit: Self.limit)
    }
  }

  /// The octets of the header that the walk has come to; nil when that is the payload.
  private func lengthOfHeader(in bytes: Span<UInt8>) throws(WireError) -> Int? {
    switch payloadProtocol {
    case .hopByHop, .routing, .destinationOptions:
      try bytes.require(length + 2, for: .ipv6Extension)
      return (Int(bytes[length + 1]) + 1) * 8
    case .mobility, .hostIdentity, .shim6:
      // Mostly a message of their own, with nothing behind it, that is to be called by its name.
      try bytes.require(length + 2, for: .ipv6Extension)
      return bytes[length] == IPProtocol.none.rawValue ? nil : (Int(bytes[length + 1]) + 1) * 8
    case .authentication:
      try bytes.require(length + 2, for: .ipv6Extension)
      return (Int(bytes[length + 1]) + 2) * 4  // RFC 4302 §2.2
    case .fragment:
      // Inside of a fragment, another fragment header is for those who have joined the first one's.
      return fragment == .first ? nil : 8
    default:
      return nil
    }
  }

  private mutating func note(_ header: Span<UInt8>, behind previous: Int?) {
    if payloadProtocol == .fragment {
      let word = header.uint16(at: 2)
      fragment = FragmentPosition(offset: Int(word & 0xFFF8), isMoreToCome: word & 1 != 0)
      fragmentHeader = length
      announcement = previous
    } else if payloadProtocol == .routing, header[3] > 0 {
      isUnderWay = true
    } else if payloadProtocol == .hopByHop {
      noteOptions(header)
    }
  }

  private mutating func noteOptions(_ header: Span<UInt8>) {
    var offset = 2
    while offset + 2 <= header.count {
      guard header[offset] != 0 else {  // one octet of padding
        offset += 1
        continue
      }
      if header[offset] == 0xC2, header[offset + 1] == 4, offset + 6 <= header.count {
        // One that a length field could hold is an error (RFC 2675 §3), and not believed.
        let length = Int(header.uint32(at: offset + 2))
        if length > 65_535 { jumboLength = length }
      }
      offset += 2 + Int(header[offset + 1])
    }
  }
}
