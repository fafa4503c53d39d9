import CLinuxPacketIO
import Glibc

/// Work that interfaces put off to whoever gets the packet next.
public enum InterfaceOffload {
  /// Has an interface of the calling thread's namespace write whole checksums, as ethtool's `tx off`
  /// does: between virtual interfaces they are left open otherwise, and look wrong in a capture.
  ///
  /// - Throws: ``SystemCallError`` when there is no such interface, or it cannot.
  public static func writeChecksums(of name: String) throws(SystemCallError) {
    let channel = try OwnedDescriptor("socket") {
      socket(AF_INET, CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    }
    guard unsafe halfopen_stop_checksum_offload(channel.number, name) == 0 else {
      throw .last("ETHTOOL_STXCSUM \(name)")
    }
  }
}
