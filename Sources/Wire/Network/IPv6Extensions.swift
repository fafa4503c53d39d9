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
    for _ in 0..<Self.limit {
      guard let octets = try lengthOfHeader(in: bytes) else { return }
      try bytes.require(length + octets, for: .ipv6Extension)
      note(bytes.extracting(length..<length + octets))
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
    case .hopByHop, .routing, .destinationOptions, .mobility:
      try bytes.require(length + 2, for: .ipv6Extension)
      return (Int(bytes[length + 1]) + 1) * 8
    case .authentication:
      try bytes.require(length + 2, for: .ipv6Extension)
      return (Int(bytes[length + 1]) + 2) * 4  // RFC 4302 §2.2
    case .fragment:
      return 8
    default:
      return nil
    }
  }

  private mutating func note(_ header: Span<UInt8>) {
    if payloadProtocol == .fragment {
      let word = header.uint16(at: 2)
      fragment = FragmentPosition(offset: Int(word & 0xFFF8), isMoreToCome: word & 1 != 0)
    } else if payloadProtocol == .routing, header[3] > 0 {
      isUnderWay = true
    }
  }
}
