import KernelLab
import LinuxPacketIO
import Wire

/// Whom a probe may ask, and the way there: its guard rails.
struct ProbeGuard {
  /// The name or address that was given.
  let host: String
  /// All addresses that the name stands for.
  let addresses: [IPAddress]
  /// Whom the probe asks: the first address.
  let target: Endpoint
  /// Where it asks from.
  let source: IPAddress
  /// The interface that its packets pass.
  let interface: String
  /// Whether that interface was asked for.
  let isInterfaceChosen: Bool

  private let kind: Route.Kind
  private let authorized: String?

  /// Finds the host and the way to it.
  ///
  /// - Throws: ``Failure``: 2 for a name that nobody knows or no way leads to, 5 for an address that
  ///   no single host has, or a source that is not this host's.
  init(
    host: String, port: UInt16, authorized: String?, interface: String?, source: String?
  ) throws {
    self.host = host
    self.authorized = authorized
    addresses = try Self.addresses(of: host)
    for address in addresses { try Self.refuseCrowds(address, host) }
    let own = try source.map { text in
      guard let address = IPAddress(text) else {
        throw Failure(.usage, "--source: \(text) is no address")
      }
      return address
    }
    let fitting = addresses.first { address in own.map { $0.isSameFamily(as: address) } ?? true }
    guard let address = fitting else {
      throw Failure(.usage, "\(host) has no address of the family of \(source ?? "")")
    }
    if let own { try Self.refuseForeign(own) }
    let route = try Self.route(to: address, from: own, through: interface)
    kind = route.kind
    guard kind == .unicast || kind == .local else {
      throw Failure(
        kind == .none ? .usage : .refused,
        kind == .none
          ? "no way leads to \(address)" : "\(address) is not one host's address, but a network's")
    }
    guard let from = own ?? route.source else {
      throw Failure(.usage, "the routing table has no address to ask \(address) from; --source")
    }
    target = Endpoint(address, port: port)
    self.source = from
    isInterfaceChosen = interface != nil
    self.interface = route.kind == .local ? "lo" : route.interface
  }

  /// Refuses what is neither this host, nor in a lab, nor named twice.
  ///
  /// - Throws: ``Failure`` with status 5.
  func check() throws {
    guard kind != .local, !Self.isInLab, authorized != host else { return }
    throw Failure(
      .refused,
      authorized.map { "--authorized names \($0), and the probe is to go to \(host)." }
        ?? """
        \(host) is another host. Probe only what is yours, or whose owner asked you to; then say \
        so:
          --authorized \(host)
        """)
  }

  /// The addresses of this host that a listener's pool can be filled from: loopback's, or those that a
  /// lab's client has for it.
  ///
  /// - Throws: ``Failure``: 5 unless the listener is on loopback or in a lab, 2 for `::1`.
  func crowd(of count: Int) throws -> [IPAddress] {
    let isFromLab = Self.isInLab && interface != "lo"
    switch target.address {
    case .v4(let address) where isFromLab || address.rawValue >> 24 == 127:
      let first = isFromLab ? LabAddress.clientHosts.rawValue + 1 : 0x7F01_0001
      return (0..<UInt32(count)).map { .v4(IPv4Address(rawValue: first + $0)) }
    case .v6 where isFromLab:
      let network = LabAddress.clientHosts6
      return (1...UInt64(count)).map { .v6(IPv6Address(high: network.high, low: $0)) }
    case .v6(.loopback):
      throw Failure(
        .usage, "--backlog needs many addresses of this host, and ::1 is one; 127.0.0.1 or a lab.")
    case .v4, .v6:
      throw Failure(
        .refused, "--backlog fills a listener's pool: only on 127.0.0.1, or from a lab's client.")
    }
  }

  /// Whether this process is one of a lab's hosts: in a namespace that the lab has made.
  private static var isInLab: Bool {
    guard let lab = LabSurroundings(), let here = try? NetworkNamespace.current(),
      here.number != NetworkNamespace.initialNumber,
      here.number != LabSurroundings.outsideNumber
    else { return false }
    return LabRole.allCases.contains { role in
      (try? lab.namespace(of: role))?.number == here.number
    }
  }

  private static func addresses(of host: String) throws -> [IPAddress] {
    if let address = IPAddress(host) { return [address] }
    let found: [IPAddress]
    do throws(NameLookupError) {
      found = try NameLookup.addresses(of: host).compactMap { IPAddress(octets: $0) }
    } catch {
      throw Failure(.usage, "\(host): \(error)")
    }
    guard !found.isEmpty else { throw Failure(.usage, "\(host): no address is known") }
    return found
  }

  private static func refuseCrowds(_ address: IPAddress, _ host: String) throws {
    let what: String? =
      switch address {
      case .v4(let address):
        address == .any
          ? "an unspecified address"
          : address.rawValue == .max
            ? "a broadcast address" : address.rawValue >> 28 == 14 ? "a multicast address" : nil
      case .v6(let address):
        address == .any
          ? "an unspecified address" : address.high >> 56 == 0xFF ? "a multicast address" : nil
      }
    guard let what else { return }
    throw Failure(.refused, "\(host) is \(what); a probe asks one host only.")
  }

  /// A probe never pretends to be somebody else.
  private static func refuseForeign(_ source: IPAddress) throws {
    guard (try? Route(to: source))?.kind == .local else {
      throw Failure(.refused, "\(source) is not an address of this host; a probe has no other.")
    }
  }

  private static func route(
    to address: IPAddress, from source: IPAddress?, through interface: String?
  ) throws -> Route {
    do throws(SystemCallError) {
      return try Route(to: address, from: source, through: interface)
    } catch {
      throw Failure(.usage, "\(error)")
    }
  }
}

extension IPAddress {
  /// Whether it is IPv6's.
  var isIPv6: Bool {
    switch self {
    case .v4: false
    case .v6: true
    }
  }
}
