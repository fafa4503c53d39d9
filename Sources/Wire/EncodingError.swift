/// Why a value could not be written as bytes; the blame is with whoever made the value.
public enum EncodingError: Error, Hashable, Sendable {
  /// The value needs more octets than the header's length field can say.
  case doesNotFit(HeaderKind, octets: Int, limit: Int)
  /// TCP options 0 and 1 are a single octet each and carry nothing.
  case unwritableOption(kind: UInt8)
  /// One end has an IPv4 address and the other an IPv6 address.
  case mixedFamilies(IPAddress, IPAddress)
}

extension EncodingError: CustomStringConvertible {
  /// One clause that names the header and the numbers.
  public var description: String {
    switch self {
    case .doesNotFit(let header, let octets, let limit):
      "\(octets) octets do not fit where the \(header) header has room for \(limit)"
    case .unwritableOption(let kind):
      "TCP option kind \(kind) is a single octet and cannot carry a value"
    case .mixedFamilies(let source, let destination):
      "no packet can go from \(source) to \(destination): the families differ"
    }
  }
}
