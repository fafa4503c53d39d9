internal import NIOCore
public import Wire

/// One end of a datagram's way: an address with its port, and the interface that a link-local
/// address means nothing without.
public struct DatagramPeer: Hashable, Sendable {
  /// Address and port; an IPv4 address mapped into IPv6 is the IPv4 address that it is.
  public var endpoint: Endpoint
  /// The name of the interface that the address belongs to; nil where the address says enough.
  public var interface: String?

  /// The end that `address` names; nil for what is no IP.
  init?(_ address: SocketAddress?) {
    guard let address, let text = address.ipAddress, let ip = IPAddress(text),
      let port = address.port.flatMap({ UInt16(exactly: $0) })
    else { return nil }
    endpoint = Endpoint(ip.unmapped, port: port)
    interface =
      address.isLinkLocal
      ? (try? DatagramInterface.all())?.first { address == address.onLink(of: $0.name) }?.name
      : nil
  }
}

extension DatagramPeer: CustomStringConvertible {
  /// `192.0.2.1:80`, `[2001:db8::1]:80`, or `[fe80::1%eth0]:80`.
  public var description: String {
    guard let interface else { return "\(endpoint)" }
    return "[\(endpoint.address)%\(interface)]:\(endpoint.port)"
  }
}

extension IPAddress {
  fileprivate var unmapped: Self {
    switch self {
    case .v6(let address) where address.high == 0 && address.low >> 32 == 0xFFFF:
      .v4(IPv4Address(rawValue: UInt32(truncatingIfNeeded: address.low)))
    case .v4, .v6: self
    }
  }
}
