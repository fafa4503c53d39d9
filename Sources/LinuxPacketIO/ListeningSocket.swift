import CLinuxPacketIO
import Glibc

/// A TCP socket that listens on all IPv4 addresses of the calling thread's namespace, and never
/// accepts.
public final class ListeningSocket: Sendable {
  private let socket: OwnedDescriptor

  /// Begins to listen.
  ///
  /// - Parameters:
  ///   - port: Where.
  ///   - backlog: What listen(2) is told.
  /// - Throws: ``SystemCallError`` naming the step that was refused.
  public init(port: UInt16, backlog: Int32) throws(SystemCallError) {
    socket = try OwnedDescriptor("socket AF_INET") {
      Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    let descriptor = socket.number
    let failed = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) != 0
      }
    }
    if failed { throw .last("bind port \(port)") }
    guard listen(descriptor, backlog) == 0 else { throw .last("listen on port \(port)") }
  }
}
