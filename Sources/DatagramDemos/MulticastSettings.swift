internal import Glibc
internal import NIOCore
internal import Wire

/// How far datagrams to a group go, and through which interface.
public struct MulticastSettings: Hashable, Sendable {
  /// The interface to leave by; nil lets the routes decide.
  public var interface: String?
  /// How many links a datagram may cross, which IPv4 calls its TTL and IPv6 its hop limit.
  ///
  /// 1 keeps it on its link, 0 on this machine.
  public var hopLimit: UInt8
  /// Whether receivers on this machine get it as well.
  public var loopsBack: Bool

  /// Creates settings; the defaults are those of the kernel.
  public init(interface: String? = nil, hopLimit: UInt8 = 1, loopsBack: Bool = true) {
    self.interface = interface
    self.hopLimit = hopLimit
    self.loopsBack = loopsBack
  }

  /// Gives the settings to a channel that is to send to `group`.
  func apply(to channel: any Channel, group: SocketAddress, by interface: DatagramInterface?)
    async throws
  {
    guard let socket = channel as? any SocketOptionProvider else { return }
    switch group {
    case .v4:
      try await socket.setIPMulticastTTL(hopLimit).get()
      try await socket.setIPMulticastLoop(loopsBack ? 1 : 0).get()
      if let text = try interface?.ipv4Address().ipAddress, let address = IPv4Address(text) {
        // The four octets themselves: they are all that an in_addr is.
        try await socket.unsafeSetSocketOption(
          level: .ip, name: .ip_multicast_if, value: address.rawValue.bigEndian
        ).get()
      }
    case .v6:
      try await socket.setIPv6MulticastHops(CInt(hopLimit)).get()
      try await socket.setIPv6MulticastLoop(loopsBack ? 1 : 0).get()
      if let interface {
        try await socket.setIPv6MulticastIF(CUnsignedInt(interface.index)).get()
      }
    case .unixDomainSocket: break
    }
  }
}
