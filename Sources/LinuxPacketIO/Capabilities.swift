import CLinuxPacketIO
import Glibc

/// A privilege of Linux that some verb needs (capabilities(7)).
public enum Capability: String, CaseIterable, Sendable {
  /// Packet sockets: capturing, and sending raw packets.
  case netRaw = "CAP_NET_RAW"
  /// Devices and addresses: TUN, namespaces' interfaces.
  case netAdmin = "CAP_NET_ADMIN"
  /// New namespaces without a user namespace around them.
  case sysAdmin = "CAP_SYS_ADMIN"

  /// Says whether this process holds it in its own user namespace; false when the kernel does not
  /// tell.
  public var isEffective: Bool {
    var set: UInt64 = 0
    guard unsafe halfopen_effective_capabilities(&set) == 0 else { return false }
    return set >> bit & 1 == 1
  }

  private var bit: CInt {
    switch self {
    case .netRaw: CAP_NET_RAW
    case .netAdmin: CAP_NET_ADMIN
    case .sysAdmin: CAP_SYS_ADMIN
    }
  }
}
