import LinuxPacketIO
import LiveResponder
import Wire

/// What `halfopen respond` answers on.
struct RespondingDevice {
  let device: any PacketDevice
  let name: String
  /// The host's hardware address; nil where there is none.
  let hardware: MACAddress?

  /// Makes a TUN device through which the kernel reaches the host, or joins the one that is there.
  ///
  /// - Throws: ``Failure`` for a missing permission (4) or feature (7), or a wrong name (2).
  static func tun(_ name: String, _ ends: RespondingEnds) throws(Failure) -> Self {
    guard (1...15).contains(name.utf8.count), !name.contains("/"), !name.contains(" ") else {
      throw Failure(.usage, "--tun: '\(name)' is no name for a device: 1 to 15 letters and digits.")
    }
    try refuseOwnAddresses(ends)
    do throws(SystemCallError) {
      let device = try TunDevice(name)
      if !device.wasThere {
        for pair in ends.pairs {
          try device.setAddresses(own: pair.own.octets, peer: pair.peer.octets)
        }
        try device.bringUp()
      }
      return Self(device: device, name: device.name, hardware: nil)
    } catch {
      if error.isPermission { throw PermissionAdvice.tunRefused(error) }
      if error.isMissing { throw Failure(.unsupported, "\(error); sudo modprobe tun may help.") }
      throw Failure(.resources, "cannot set up the device: \(error).")
    }
  }

  /// Opens an interface for frames to the host's addresses, after having asked whether somebody else
  /// has one of them.
  ///
  /// - Parameters:
  ///   - name: An Ethernet interface.
  ///   - hardware: The host's own hardware address; nil for the interface's.
  ///   - ends: The addresses.
  /// - Returns: The open interface.
  /// - Throws: ``Failure`` for a missing permission (4) or interface (2), one that is no Ethernet (7),
  ///   and where an address is somebody else's (5).
  static func interface(
    _ name: String, at hardware: MACAddress?, _ ends: RespondingEnds
  ) throws(Failure) -> Self {
    try refuseOwnAddresses(ends)
    let interface = try found(name)
    let hardware = hardware ?? MACAddress(rawValue: interface.hardwareAddress)
    let filter = try filter(for: ends)
    let port: PacketPort
    let holder: (address: IPAddress, hardware: MACAddress)?
    do throws(SystemCallError) {
      port = try PacketPort(
        interface, filter: filter, isPromiscuous: hardware.rawValue != interface.hardwareAddress)
      holder = try AddressProbe.holder(
        of: ends.endpoints.map(\.address), on: port, from: hardware)
    } catch {
      throw error.isPermission
        ? PermissionAdvice.portRefused(on: name, error)
        : Failure(.resources, "cannot answer on \(name): \(error).")
    }
    if let holder {
      throw Failure(.refused, "\(holder.address) is in use on \(name), by \(holder.hardware).")
    }
    return Self(device: port, name: name, hardware: hardware)
  }

  private static func found(_ name: String) throws(Failure) -> NetworkInterface {
    guard let interface = try? NetworkInterface.named(name) else {
      let names = ((try? NetworkInterface.all()) ?? []).map(\.name).joined(separator: ", ")
      throw Failure(.usage, "there is no interface \"\(name)\"; there are: \(names)")
    }
    guard interface.isUp else { throw Failure(.usage, "the interface \(name) is down") }
    guard !interface.isLoopback, interface.hardwareType == 1 else {
      throw Failure(
        .unsupported, "\(name) is no Ethernet; --tun is the way to this machine's own clients.")
    }
    return interface
  }

  /// Where the kernel answers too, its RSTs would end every handshake.
  private static func refuseOwnAddresses(_ ends: RespondingEnds) throws(Failure) {
    for endpoint in ends.endpoints where HostAddresses.contains(endpoint.address.octets) {
      throw Failure(
        .refused,
        "\(endpoint.address) is this host's own address, for which its kernel answers already.")
    }
  }

  /// Lets frames for the host's addresses pass, and the questions where they are.
  private static func filter(for ends: RespondingEnds) throws(Failure) -> PacketFilter {
    let own = ends.endpoints.map { "dst host \($0.address)" }.joined(separator: " or ")
    do throws(FilterError) {
      return try PacketFilter("arp or \(own) or (icmp6 and ip6 multicast)")
    } catch {
      throw Failure(.resources, "cannot listen for so many addresses: \(error).")
    }
  }
}
