/// The network header of a frame and where its payload lies; offsets count from the frame's start.
struct NetworkLayer {
  var header: NetworkHeader
  var contents: Contents

  /// What a network header carries.
  enum Contents {
    /// Something that is no IP.
    case nothing
    /// An IP packet's payload.
    case packet(IPPayload)
    /// The extension headers could not be read, so where the payload lies is unknown.
    case unreadable(IPProtocol, WireError)
  }

  /// Reads the header of type `next` at `start` of a frame that had `wireLength` octets before a
  /// capture cut it.
  init(
    parsing bytes: Span<UInt8>, from start: Int, next: EtherType, wireLength: Int
  ) throws(WireError) {
    switch next {
    case .ipv4:
      let ip = try IPv4Header(parsing: bytes.extracting(start...))
      header = .ipv4(ip)
      contents = .packet(
        IPPayload(
          of: ip, from: start, captured: bytes.count, wireLength: wireLength))
    case .ipv6:
      let ip = try IPv6Header(parsing: bytes.extracting(start...))
      header = .ipv6(ip)
      do throws(WireError) {
        contents = .packet(
          try IPPayload(of: ip, from: start, in: bytes, wireLength: wireLength))
      } catch {
        contents = .unreadable(ip.nextHeader, error)
      }
    default:
      header = .other(next)
      contents = .nothing
    }
  }
}
