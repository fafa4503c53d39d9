internal import NIOCore
internal import SystemPackage
internal import Wire

extension Endpoint {
  /// The end that `address` names, an IPv4 address mapped into IPv6 as the IPv4 address it is; nil
  /// for what is no IP.
  init?(_ address: SocketAddress?) {
    guard let address, let text = address.ipAddress, let port = address.port,
      let port = UInt16(exactly: port),
      let ip = IPAddress(text.prefix { $0 != "%" })
    else { return nil }
    self.init(ip.unmapped, port: port)
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

/// The system's words for `error`.
func reason(_ error: any Error) -> String {
  (error as? IOError).map { Errno(rawValue: $0.errnoCode).description } ?? "\(error)"
}
