import CLinuxPacketIO
import Glibc

/// A TCP port of this host at which the kernel answers nothing, not even with a RST.
///
/// Whoever shakes hands by hand needs that: the kernel knows of no such connection, and resets it. The
/// port is held by a listening socket whose filter (socket(7), SO_ATTACH_FILTER) takes in no packet:
/// the kernel finds the socket, asks the filter, and drops the segment without a word (tcp_filter in
/// net/ipv4/tcp_ipv4.c). Packet sockets see it all the same. No rule of a firewall is needed, no
/// privilege, and nothing is left when the process ends, however it ends.
public final class SilentPort: Sendable {
  private let socket: OwnedDescriptor
  /// The port.
  public let number: UInt16

  /// Takes a port that is free.
  ///
  /// - Parameters:
  ///   - address: The address of this host: 4 octets, or 16.
  ///   - scope: The number of the interface that a link-local address belongs to; else 0.
  /// - Throws: ``SystemCallError``: with EADDRNOTAVAIL when the address is not this host's.
  public init(at address: [UInt8], scope: UInt32 = 0) throws(SystemCallError) {
    let isIPv6 = address.count == 16
    socket = try OwnedDescriptor("socket SOCK_STREAM") {
      Glibc.socket(
        isIPv6 ? AF_INET6 : AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    }
    try PacketFilter.nothing.attach(to: socket.number)
    let failed =
      isIPv6 ? Self.bindIPv6(socket.number, address, scope) : Self.bindIPv4(socket.number, address)
    if failed { throw .last("bind a port") }
    guard listen(socket.number, 1) == 0 else { throw .last("listen") }
    number = try Self.port(of: socket.number, isIPv6: isIPv6)
  }

  private static func bindIPv4(_ descriptor: CInt, _ octets: [UInt8]) -> Bool {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = octets.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }.bigEndian
    return unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) != 0
      }
    }
  }

  private static func bindIPv6(_ descriptor: CInt, _ octets: [UInt8], _ scope: UInt32) -> Bool {
    var address = sockaddr_in6()
    address.sin6_family = sa_family_t(AF_INET6)
    address.sin6_scope_id = scope
    unsafe withUnsafeMutableBytes(of: &address.sin6_addr) { field in
      for (offset, octet) in octets.enumerated() { unsafe field[offset] = octet }
    }
    return unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in6>.size)) != 0
      }
    }
  }

  private static func port(
    of descriptor: CInt, isIPv6: Bool
  ) throws(SystemCallError) -> UInt16 {
    // Both families have the port in the same place.
    var address = sockaddr_in6()
    var size = socklen_t(MemoryLayout<sockaddr_in6>.size)
    let failed = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe getsockname(descriptor, $0, &size) != 0
      }
    }
    if failed { throw .last("getsockname") }
    return UInt16(bigEndian: address.sin6_port)
  }
}
