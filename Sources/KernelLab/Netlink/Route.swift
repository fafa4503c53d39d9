import Glibc
public import LinuxPacketIO
public import Wire

/// The way that the kernel sends a packet (rtnetlink(7), RTM_GETROUTE).
public struct Route: Hashable, Sendable {
  /// What kind of address is at its end.
  public var kind: Kind
  /// The interface that the packet leaves by.
  public var interface: String
  /// The address that the kernel gives it as its source; nil where it chooses none.
  public var source: IPAddress?

  /// What the kernel takes an address for (`RTN_…` of `<linux/rtnetlink.h>`).
  public enum Kind: Hashable, Sendable {
    /// Another host's.
    case unicast
    /// This host's own.
    case local
    /// Everybody's on a network.
    case broadcast
    /// A group's.
    case multicast
    /// No way leads there: a blackhole, or something forbids it.
    case none
  }

  /// Asks the kernel.
  ///
  /// - Parameters:
  ///   - destination: Where to.
  ///   - source: The address to come from; nil for the kernel's choice.
  ///   - interface: The interface to leave by; nil for the kernel's choice.
  /// - Throws: ``SystemCallError``: with ENETUNREACH where no route leads there, with ENODEV where
  ///   there is no such interface, with EINVAL where `source` is not this host's.
  public init(
    to destination: IPAddress, from source: IPAddress? = nil, through interface: String? = nil
  ) throws(SystemCallError) {
    let octets = destination.octets
    var body = NetlinkBody()
    body.append(octets.count == 4 ? UInt8(AF_INET) : UInt8(AF_INET6))
    body.append(UInt8(octets.count * 8))
    body.append(source == nil ? UInt8(0) : UInt8(octets.count * 8))
    body.append([0, 0, 0, 0, 0])  // type of service, table, protocol, scope, type
    body.append(UInt32(0))
    body.append(attribute: 1, octets)  // RTA_DST
    if let source { body.append(attribute: 2, source.octets) }  // RTA_SRC
    if let interface {
      guard let found = try NetworkInterface.named(interface) else {
        throw SystemCallError(call: "find the interface \(interface)", code: ENODEV)
      }
      body.append(attribute: 4, UInt32(found.index))  // RTA_OIF
    }
    var told: (kind: Kind, index: UInt32, source: IPAddress?)?
    try NetlinkConversation(.route).look(26, "find a route to \(destination)", body) {
      type, answer in
      if type == 24 { told = Self.read(answer) }  // RTM_NEWROUTE
    }
    guard let told else {
      throw SystemCallError(call: "find a route to \(destination)", code: ENETUNREACH)
    }
    kind = told.kind
    self.source = told.source
    let names = try NetworkInterface.all()
    self.interface = names.first { $0.index == Int(told.index) }?.name ?? ""
  }

  private static func read(
    _ answer: NetlinkReading
  ) -> (kind: Kind, index: UInt32, source: IPAddress?) {
    let kind: Kind =
      switch answer.number(at: 7, as: UInt8.self) {
      case 1: .unicast
      case 2: .local
      case 3: .broadcast
      case 5: .multicast
      default: .none
      }
    let attributes = answer.attributes(from: 12)
    let index = attributes.first { $0.type == 4 }?.value.number(at: 0, as: UInt32.self) ?? 0
    let source = attributes.first { $0.type == 7 }  // RTA_PREFSRC
    return (kind, index, source.flatMap { IPAddress(octets: Array($0.value.octets)) })
  }
}
