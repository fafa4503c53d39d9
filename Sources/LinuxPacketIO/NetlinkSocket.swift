import CLinuxPacketIO
import Glibc

/// A conversation with the kernel in netlink messages (netlink(7)): requests go out, answers come
/// back; what they mean is for others to know.
public final class NetlinkSocket: Sendable {
  /// Whom one talks to.
  public enum Family: Hashable, Sendable {
    /// Interfaces, addresses, routes, neighbours (rtnetlink(7)).
    case route
    /// Sockets (sock_diag(7)).
    case socketDiagnosis
  }

  private let socket: OwnedDescriptor

  /// Opens a conversation about the network namespace of the calling thread, for good.
  ///
  /// - Throws: ``SystemCallError`` when the kernel has no such family.
  public init(_ family: Family) throws(SystemCallError) {
    let number =
      switch family {
      case .route: NETLINK_ROUTE
      case .socketDiagnosis: NETLINK_SOCK_DIAG
      }
    socket = try OwnedDescriptor("socket AF_NETLINK") {
      Glibc.socket(
        AF_NETLINK, CInt(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue), number)
    }
    // A long table comes in many pieces; they wait here while the last one is looked at.
    var octets: CInt = 1 << 20
    _ = unsafe setsockopt(socket.number, SOL_SOCKET, SO_RCVBUF, &octets, 4)
  }

  /// Sends octets that are whole messages.
  ///
  /// - Throws: ``SystemCallError`` when the kernel refuses to take them.
  public func send(_ octets: [UInt8]) throws(SystemCallError) {
    let count = unsafe octets.withUnsafeBytes {
      unsafe Glibc.send(socket.number, $0.baseAddress, $0.count, 0)
    }
    guard count == octets.count else { throw .last("send to netlink") }
  }

  /// Waits for the next piece of an answer: one or more whole messages.
  ///
  /// - Parameter room: Where it is put; as long as the longest piece that can come.
  /// - Returns: How many octets came.
  /// - Throws: ``SystemCallError``: with ENOBUFS when pieces were lost, with EMSGSIZE when there was
  ///   not enough room.
  public func receive(into room: inout [UInt8]) throws(SystemCallError) -> Int {
    while true {
      let count = unsafe room.withUnsafeMutableBytes {
        unsafe recv(socket.number, $0.baseAddress, $0.count, CInt(MSG_TRUNC))
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .last("receive from netlink") }
      guard count <= room.count else {
        throw SystemCallError(call: "receive from netlink", code: EMSGSIZE)
      }
      return count
    }
  }
}
