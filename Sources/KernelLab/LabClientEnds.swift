public import Wire

/// The ends that a lab's clients connect from: each is used once, so that no connection meets what an
/// earlier one left behind in TIME-WAIT.
public struct LabClientEnds: Sendable {
  private let hosts: Int

  init(hosts: Int) {
    self.hosts = max(1, min(hosts, LabAddress.clientHostCount))
  }

  /// How many there are: all ports above the privileged ones, of every host.
  public var count: Int { hosts * 64_512 }

  /// End number `number`, from 0: one host after the other, and then the next port of each.
  public func end(number: Int) -> Endpoint {
    let host = UInt32(number % hosts)
    return Endpoint(
      .v4(IPv4Address(rawValue: LabAddress.clientHosts.rawValue + host)),
      port: UInt16(truncatingIfNeeded: 1_024 + number / hosts % 64_512))
  }
}

extension LabAddress {
  /// The ends of so many hosts of the client's network.
  public static func clientEnds(hosts: Int) -> LabClientEnds { LabClientEnds(hosts: hosts) }
}
