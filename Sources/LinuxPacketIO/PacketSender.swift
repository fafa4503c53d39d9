import CLinuxPacketIO
import Glibc

/// A raw socket that sends whole IP packets, header included, the way that the routing table says
/// (raw(7), IPPROTO_RAW).
///
/// It receives nothing.
public final class PacketSender: Sendable {
  private let socket: OwnedDescriptor
  private let isIPv6: Bool
  private let scope: UInt32

  /// Opens the socket.
  ///
  /// - Parameters:
  ///   - isIPv6: Whether the packets are IPv6's.
  ///   - interface: The interface that they must leave by; nil for the routing table's choice.
  /// - Throws: ``SystemCallError``: with EPERM without CAP_NET_RAW, with ENODEV where there is no
  ///   such interface.
  public init(isIPv6: Bool, through interface: String? = nil) throws(SystemCallError) {
    self.isIPv6 = isIPv6
    socket = try OwnedDescriptor("socket SOCK_RAW") {
      Glibc.socket(
        isIPv6 ? AF_INET6 : AF_INET, CInt(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue),
        CInt(IPPROTO_RAW))
    }
    guard let interface else {
      scope = 0
      return
    }
    guard let found = try NetworkInterface.named(interface) else {
      throw SystemCallError(call: "find the interface \(interface)", code: ENODEV)
    }
    scope = UInt32(found.index)
    let name = Array(interface.utf8) + [0]
    guard
      unsafe setsockopt(
        socket.number, SOL_SOCKET, SO_BINDTODEVICE, name, socklen_t(name.count)) == 0
    else { throw .last("SO_BINDTODEVICE \(interface)") }
  }

  /// Sends one packet.
  ///
  /// - Parameters:
  ///   - packet: The packet, from its IP header on, checksums included.
  ///   - destination: The address in its header: 4 octets, or 16.
  /// - Throws: ``SystemCallError``, as when no route leads there.
  public func send(_ packet: [UInt8], to destination: [UInt8]) throws(SystemCallError) {
    let sent = isIPv6 ? sendIPv6(packet, destination) : sendIPv4(packet, destination)
    guard sent == packet.count else { throw .last("send a packet") }
  }

  private func sendIPv4(_ packet: [UInt8], _ destination: [UInt8]) -> Int {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = destination.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }.bigEndian
    return unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe sendto(
          socket.number, packet, packet.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }

  private func sendIPv6(_ packet: [UInt8], _ destination: [UInt8]) -> Int {
    var address = sockaddr_in6()
    address.sin6_family = sa_family_t(AF_INET6)
    address.sin6_scope_id = scope
    unsafe withUnsafeMutableBytes(of: &address.sin6_addr) { field in
      for (offset, octet) in destination.prefix(16).enumerated() { unsafe field[offset] = octet }
    }
    return unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe sendto(
          socket.number, packet, packet.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in6>.size))
      }
    }
  }
}
