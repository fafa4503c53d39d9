import Glibc
import LinuxPacketIO
import Wire

/// Interfaces, addresses, routes and neighbours of one network namespace, changed by rtnetlink(7).
struct LinkRequests {
  private let conversation: NetlinkConversation

  /// Begins to talk about the network namespace of the calling thread.
  init() throws(SystemCallError) {
    conversation = try NetlinkConversation(.route)
  }

  /// Joins this namespace with another by a pair of virtual interfaces (veth(4)).
  func makeCable(
    from near: LabInterface, to far: LabInterface, in peer: NetworkNamespace
  ) throws(SystemCallError) {
    var body = Self.linkHeader(index: near.index)
    body.append(attribute: 3, near.name)  // IFLA_IFNAME
    body.append(attribute: 1, near.hardwareAddress.octets)  // IFLA_ADDRESS
    body.append(attribute: 18) { kind in  // IFLA_LINKINFO
      kind.append(attribute: 1, Array("veth".utf8))  // IFLA_INFO_KIND
      kind.append(attribute: 2) { data in  // IFLA_INFO_DATA
        data.append(attribute: 1) { other in  // VETH_INFO_PEER
          other.append(Self.linkHeader(index: far.index).octets)
          other.append(attribute: 3, far.name)
          other.append(attribute: 1, far.hardwareAddress.octets)
          other.append(attribute: 28, UInt32(peer.descriptor))  // IFLA_NET_NS_FD
        }
      }
    }
    try conversation.request(16, .make, "make \(near.name) and \(far.name)", body)
  }

  /// Brings an interface up.
  func bringUp(_ name: String) throws(SystemCallError) {
    let index = try Self.index(of: name)
    var body = NetlinkBody()
    body.append(UInt32(0))  // family, padding, type
    body.append(UInt32(index))
    body.append(UInt32(1))  // IFF_UP
    body.append(UInt32(1))  // the flags to change
    try conversation.request(16, .change, "bring up \(name)", body)
  }

  /// Gives an interface an address, of IPv6 without looking for others that have it.
  func add(
    _ address: IPAddress, prefix: UInt8, to name: String
  ) throws(SystemCallError) {
    let index = try Self.index(of: name)
    var body = NetlinkBody()
    body.append(address.family)
    body.append(prefix)
    body.append(UInt8(0x02))  // IFA_F_NODAD
    body.append(UInt8(0))  // universe
    body.append(UInt32(index))
    body.append(attribute: 2, address.octets)  // IFA_LOCAL
    body.append(attribute: 1, address.octets)  // IFA_ADDRESS
    try conversation.request(20, .make, "give \(name) \(address)", body)
  }

  /// How packets for a prefix leave.
  enum Way {
    /// To a gateway.
    case through(IPAddress)
    /// Nowhere: all of these addresses are this host's own.
    case here
  }

  /// Adds a route.
  func route(_ network: IPAddress, prefix: UInt8, _ way: Way) throws(SystemCallError) {
    var body = NetlinkBody()
    body.append(network.family)
    body.append(prefix)
    body.append(UInt8(0))  // any source
    body.append(UInt8(0))  // any type of service
    switch way {
    case .through(let gateway):
      body.append([254, 4, 0, 1])  // table main, RTPROT_STATIC, universe, RTN_UNICAST
      body.append(UInt32(0))
      body.append(attribute: 1, network.octets)  // RTA_DST
      body.append(attribute: 5, gateway.octets)  // RTA_GATEWAY
    case .here:
      body.append([255, 4, 254, 2])  // table local, RTPROT_STATIC, host, RTN_LOCAL
      body.append(UInt32(0))
      body.append(attribute: 1, network.octets)
      body.append(attribute: 4, UInt32(try Self.index(of: "lo")))  // RTA_OIF
    }
    try conversation.request(24, .replace, "route \(network)/\(prefix)", body)
  }

  /// Says for good which hardware address a neighbour has.
  func know(
    _ address: IPAddress, at hardware: MACAddress, on name: String
  ) throws(SystemCallError) {
    let index = try Self.index(of: name)
    var body = NetlinkBody()
    body.append(address.family)
    body.append([0, 0, 0])
    body.append(UInt32(index))
    body.append(UInt16(0x80))  // NUD_PERMANENT
    body.append(UInt16(0))
    body.append(attribute: 1, address.octets)  // NDA_DST
    body.append(attribute: 2, hardware.octets)  // NDA_LLADDR
    try conversation.request(28, .replace, "know \(address) on \(name)", body)
  }

  /// Whether a packet for anywhere would find a way: whether there is a route to 0.0.0.0/0 or ::/0
  /// that does not say that there is none.
  func hasDefaultRoute() throws(SystemCallError) -> Bool {
    var found = false
    for family in [UInt8(AF_INET), UInt8(AF_INET6)] {
      var body = NetlinkBody()
      body.append(family)
      body.append([UInt8](repeating: 0, count: 11))
      try conversation.list(26, "list the routes", body) { _, route in
        // rtm_dst_len and rtm_type; RTN_UNICAST 1, RTN_LOCAL 2.
        let type = route.number(at: 7, as: UInt8.self)
        if route.number(at: 1, as: UInt8.self) == 0, type == 1 || type == 2 { found = true }
        return !found
      }
    }
    return found
  }

  private static func index(of name: String) throws(SystemCallError) -> Int {
    guard let interface = try NetworkInterface.named(name) else {
      throw SystemCallError(call: "find \(name)", code: ENODEV)
    }
    return interface.index
  }

  private static func linkHeader(index: UInt32) -> NetlinkBody {
    var body = NetlinkBody()
    body.append(UInt32(0))
    body.append(index)
    body.append(UInt32(0))
    body.append(UInt32(0))
    return body
  }
}

extension IPAddress {
  /// The family's number in netlink messages.
  var family: UInt8 {
    switch self {
    case .v4: UInt8(AF_INET)
    case .v6: UInt8(AF_INET6)
    }
  }
}

extension MACAddress {
  /// The six octets as they travel.
  var octets: [UInt8] {
    (0..<6).map { UInt8(truncatingIfNeeded: rawValue >> UInt64(40 - 8 * $0)) }
  }
}
