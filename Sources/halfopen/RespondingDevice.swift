import LinuxPacketIO
import Wire

/// Opens what `halfopen respond` answers on, and says what is missing where that is refused.
enum RespondingDevice {
  /// Makes a TUN device through which the kernel reaches the host, or joins the one that is there.
  ///
  /// - Throws: ``Failure`` for a missing permission (4) or feature (7), or a wrong name (2).
  static func tun(_ name: String, _ ends: RespondingEnds) throws(Failure) -> TunDevice {
    guard (1...15).contains(name.utf8.count), !name.contains("/"), !name.contains(" ") else {
      throw Failure(.usage, "--tun: '\(name)' is no name for a device: 1 to 15 letters and digits.")
    }
    do throws(SystemCallError) {
      let device = try TunDevice(name)
      if !device.wasThere {
        for pair in ends.pairs {
          try device.setAddresses(own: pair.own.octets, peer: pair.peer.octets)
        }
        try device.bringUp()
      }
      return device
    } catch {
      if error.isPermission { throw PermissionAdvice.tunRefused(error) }
      if error.isMissing { throw Failure(.unsupported, "\(error); sudo modprobe tun may help.") }
      throw Failure(.resources, "cannot set up the device: \(error).")
    }
  }
}
