import CLinuxPacketIO
import Glibc

/// The addresses that the kernel of this namespace answers for by itself.
public enum HostAddresses {
  /// Whether an interface has an address.
  ///
  /// - Parameter octets: Four or sixteen, in network order.
  /// - Returns: Whether one has; false too when the kernel does not tell.
  public static func contains(_ octets: [UInt8]) -> Bool {
    var list: UnsafeMutablePointer<ifaddrs>?
    guard unsafe getifaddrs(&list) == 0 else { return false }
    defer { unsafe freeifaddrs(list) }
    var entry = unsafe list
    while let interface = unsafe entry {
      if let address = unsafe interface.pointee.ifa_addr, unsafe Self.octets(of: address) == octets
      {
        return true
      }
      unsafe entry = interface.pointee.ifa_next
    }
    return false
  }

  /// The octets of an address; nil when it is of another family.
  private static func octets(of address: UnsafeMutablePointer<sockaddr>) -> [UInt8]? {
    switch unsafe CInt(address.pointee.sa_family) {
    case AF_INET:
      unsafe address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { address in
        unsafe withUnsafeBytes(of: address.pointee.sin_addr) { unsafe Array($0) }
      }
    case AF_INET6:
      unsafe address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { address in
        unsafe withUnsafeBytes(of: address.pointee.sin6_addr) { unsafe Array($0) }
      }
    default: nil
    }
  }
}
