import CLinuxPacketIO
import Glibc

/// A network interface of the namespace that the process is in.
public struct NetworkInterface: Hashable, Sendable {
  /// Its name, such as "lo".
  public let name: String
  /// The kernel's number for it, from 1.
  public let index: Int
  /// What lies on the link: an ARPHRD number of `<linux/if_arp.h>`.
  public let hardwareType: UInt16
  /// Its hardware address: the 48 bits of an Ethernet address in host order.
  public let hardwareAddress: UInt64
  /// Whether it is up.
  public let isUp: Bool
  /// Whether the kernel has noticed that it has a carrier, and lets packets go.
  public let isRunning: Bool
  /// Whether every packet sent on it comes back on it.
  public let isLoopback: Bool

  /// Finds the interface called `name`; nil when there is none.
  ///
  /// - Throws: ``SystemCallError`` when the kernel refuses to tell about one that exists.
  public static func named(_ name: String) throws(SystemCallError) -> Self? {
    guard name.utf8.count < Int(IFNAMSIZ) else { return nil }
    let index = unsafe if_nametoindex(name)
    guard index > 0 else { return nil }
    let hardware = unsafe try answer(HALFOPEN_SIOCGIFHWADDR, "SIOCGIFHWADDR", about: name)
    let state = unsafe try answer(HALFOPEN_SIOCGIFFLAGS, "SIOCGIFFLAGS", about: name)
    let flags = unsafe CInt(state.ifr_ifru.ifru_flags)
    let octets = unsafe hardware.ifr_ifru.ifru_hwaddr.sa_data
    let address = [octets.0, octets.1, octets.2, octets.3, octets.4, octets.5]
    return Self(
      name: name, index: Int(index),
      hardwareType: unsafe UInt16(hardware.ifr_ifru.ifru_hwaddr.sa_family),
      hardwareAddress: address.reduce(0) { $0 << 8 | UInt64(UInt8(bitPattern: $1)) },
      isUp: flags & HALFOPEN_IFF_UP != 0, isRunning: flags & HALFOPEN_IFF_RUNNING != 0,
      isLoopback: flags & HALFOPEN_IFF_LOOPBACK != 0)
  }

  /// Lists the interfaces that exist, in the order of their numbers.
  ///
  /// - Throws: ``SystemCallError`` when the kernel refuses to list them.
  public static func all() throws(SystemCallError) -> [Self] {
    guard let list = unsafe if_nameindex() else { throw .last("if_nameindex") }
    defer { unsafe if_freenameindex(list) }
    var names: [String] = []
    var entry = unsafe list
    while let name = unsafe entry.pointee.if_name {
      unsafe names.append(String(cString: name))
      unsafe entry += 1
    }
    var interfaces: [Self] = []
    for name in names {
      // One that vanished since it was listed is left out.
      if let found = try named(name) { interfaces.append(found) }
    }
    return interfaces.sorted { $0.index < $1.index }
  }

  /// Asks the kernel one question about an interface.
  private static func answer(
    _ request: UInt, _ call: String, about name: String
  ) throws(SystemCallError) -> ifreq {
    let channel = try OwnedDescriptor("socket") {
      socket(AF_INET, CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    }
    var question = unsafe ifreq()
    unsafe withUnsafeMutableBytes(of: &question.ifr_ifrn.ifrn_name) { field in
      for (offset, octet) in name.utf8.enumerated() { unsafe field[offset] = octet }
    }
    guard unsafe ioctl(channel.number, request, &question) == 0 else {
      throw .last("\(call) \(name)")
    }
    return unsafe question
  }
}
