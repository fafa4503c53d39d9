import CLinuxPacketIO
import Glibc

/// Sends whole packets, link layer included, on one interface of the calling thread's namespace.
public final class FrameSender: Sendable {
  private let socket: OwnedDescriptor

  /// Opens a packet socket that sends on an interface and receives nothing.
  ///
  /// - Throws: ``SystemCallError``: with EPERM without CAP_NET_RAW, with ENODEV where there is no
  ///   such interface.
  public init(on name: String) throws(SystemCallError) {
    guard let interface = try NetworkInterface.named(name) else {
      throw SystemCallError(call: "find \(name)", code: ENODEV)
    }
    socket = try OwnedDescriptor("socket AF_PACKET") {
      Glibc.socket(AF_PACKET, CInt(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue), 0)
    }
    var address = sockaddr_ll()
    address.sll_family = UInt16(AF_PACKET)
    address.sll_ifindex = CInt(interface.index)
    let descriptor = socket.number
    let failed = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_ll>.size)) != 0
      }
    }
    if failed { throw .last("bind \(name)") }
  }

  /// Sends packets of equal length that lie one behind the other.
  ///
  /// - Parameters:
  ///   - frames: At least `count` times `octets` of them.
  ///   - octets: The length of one.
  ///   - count: How many.
  /// - Returns: How many the kernel took; fewer when its buffers are full.
  /// - Throws: ``SystemCallError`` when it took none.
  public func send(
    _ frames: [UInt8], octets: Int, count: Int
  ) throws(SystemCallError) -> Int {
    precondition(count * octets <= frames.count)
    let sent = unsafe halfopen_send_frames(socket.number, frames, octets, UInt32(count))
    guard sent >= 0 else { throw .last("send") }
    return Int(sent)
  }
}
