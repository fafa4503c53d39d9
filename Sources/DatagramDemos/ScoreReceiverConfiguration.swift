internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import SystemPackage
public import Wire

/// Where a ``ScoreReceiver`` is to listen, and for what.
public struct ScoreReceiverConfiguration: Hashable, Sendable {
  /// The form of the records.
  public var form: ScoreRecord.Form
  /// A name or address to listen on; nil for all of IPv6 and IPv4, or only the latter where the
  /// machine has no IPv6.
  public var host: String?
  /// The port; 0 lets the kernel choose one.
  public var port: UInt16
  /// Whether other receivers may listen on the same port: each of them gets what is sent to a
  /// broadcast address, and only one of them what is sent to this host.
  public var sharesPort: Bool
  /// The group to be a member of; nothing but what is sent to it is received then.
  public var group: String?
  /// The interface on which to be a member, and which link-local addresses belong to.
  public var interface: String?

  /// Creates a configuration; the defaults are those of `halfopen datagram receive`.
  public init(
    form: ScoreRecord.Form = .fixed, host: String? = nil, port: UInt16 = ScoreSender.defaultPort,
    sharesPort: Bool = false, group: String? = nil, interface: String? = nil
  ) {
    self.form = form
    self.host = host
    self.port = port
    self.sharesPort = sharesPort || group != nil
    self.group = group
    self.interface = interface
  }

  /// Addresses to bind to, and a group to join then.
  struct Place {
    /// The address to bind to, and those to try if the machine has none of that family.
    var candidates: [SocketAddress]
    var group: SocketAddress?
    var device: NIONetworkDevice?

    func join(_ channel: any Channel) async throws {
      guard let group, let member = channel as? any MulticastChannel else { return }
      try await member.joinGroup(group, device: device).get()
    }
  }

  func address() throws(DatagramFailure) -> Place {
    let interface = interface ?? group?.split(separator: "%").dropFirst().last.map(String.init)
    let named: DatagramInterface? =
      if let interface { try DatagramInterface.named(interface) } else { nil }
    do {
      guard let group else {
        guard let host else {
          return Place(
            candidates: try ["::", "0.0.0.0"].map {
              try SocketAddress(ipAddress: $0, port: Int(port))
            })
        }
        return Place(candidates: [try SocketAddress.resolving(host, port: port, on: named)])
      }
      let address = try SocketAddress.resolving(group, port: port, on: named)
      guard address.isMulticast else { throw DatagramFailure.noGroup(group) }
      // Of IPv4 a membership names the interface by its address, of IPv6 by its number.
      if address.protocol == .inet { _ = try named?.ipv4Address() }
      var device = try System.enumerateDevices().first {
        $0.name == interface && $0.address?.protocol == address.protocol
      }
      if let named, device == nil {
        throw DatagramFailure.interfaceWithoutIPv6(named.name)
      }
      // The library refuses interfaces without the flag, such as lo, on which the kernel does it.
      device?.multicastSupported = true
      // Bound to the group, the socket hears nothing but the group, whoever else has joined what.
      return Place(candidates: [address], group: address, device: device)
    } catch let failure as DatagramFailure {
      throw failure
    } catch {
      throw .system(attempt: "listen", reason: reason(error))
    }
  }

  func failure(_ error: (any Error)?, at place: Place) -> DatagramFailure {
    let name =
      DatagramPeer(place.candidates.first).map { "\($0)" } ?? host ?? "port \(port)"
    guard let error else { return .system(attempt: "listen on \(name)", reason: "no address") }
    switch systemError(error) {
    case .addressInUse?: return .addressInUse(name)
    case Errno(rawValue: ENODEV)? where group != nil:
      return .noRoute(
        group ?? name, isGroup: true, isIPv6: place.candidates.first?.protocol == .inet6,
        interface: interface)
    case .addressNotAvailable?: return .addressNotHere(name)
    case .permissionDenied?, .notPermitted?: return .portNotPermitted(name)
    default: return .system(attempt: "listen on \(name)", reason: reason(error))
    }
  }
}
