import Determinism
import Glibc
public import LinuxPacketIO
import Wire

/// Three hosts on one machine, for as long as this value lives: client, attacker and server, each a
/// network namespace with the kernel's own TCP, joined by cables.
///
/// Nothing hidden decides an experiment's outcome: whole checksums are written, no source address is
/// doubted, IPv6 addresses count at once, nobody is remembered as proven, and what is sent to a
/// spoofed address finds its way to the attacker and ends there without a word. (A packet that is
/// dropped where it is sent, or answered by ICMP or a RST, ends the half-open entry that sent it.)
public final class KernelLab: Sendable {
  private let server: NetworkNamespace
  private let client: NetworkNamespace
  private let attacker: NetworkNamespace

  /// Builds the lab; to be called in a network namespace that the program has made for itself.
  ///
  /// - Throws: ``SystemCallError`` naming the step that was refused; nothing is left then.
  public init() throws(SystemCallError) {
    // A short table of connections is looked through in less time. Where the kernel has no such
    // setting (before Linux 6.1), all namespaces share the machine's.
    try? KernelSetting.set("net.ipv4.tcp_child_ehash_entries", to: "16384")
    server = try NetworkNamespace.make()
    client = try NetworkNamespace.make()
    attacker = try NetworkNamespace.make()
    for role in LabRole.allCases { try prepare(role) }
    let (server, client, attacker) = (server, client, attacker)
    try server.perform { () throws(SystemCallError) in
      let links = try LinkRequests()
      try links.makeCable(from: .serverToClient, to: .client, in: client)
      try links.makeCable(from: .serverToAttacker, to: .attacker, in: attacker)
      try links.bringUp("lo")
      try links.add(.v4(LabAddress.server), prefix: 32, to: "lo")
      try links.add(.v6(LabAddress.server6), prefix: 128, to: "lo")
      try Self.connect(.serverToClient, to: .client, by: links)
      try Self.connect(.serverToAttacker, to: .attacker, by: links)
    }
    try client.perform { () throws(SystemCallError) in
      try Self.connect(.client, to: .serverToClient, by: try LinkRequests())
    }
    try attacker.perform { () throws(SystemCallError) in
      try Self.connect(.attacker, to: .serverToAttacker, by: try LinkRequests())
    }
    try addRoutes()
    try waitForCarrier()
  }

  /// The network namespace of a host.
  public subscript(role: LabRole) -> NetworkNamespace {
    switch role {
    case .server: server
    case .client: client
    case .attacker: attacker
    }
  }

  private func prepare(_ role: LabRole) throws(SystemCallError) {
    try self[role].perform { () throws(SystemCallError) in
      for (name, value) in LabSettings.common {
        do throws(SystemCallError) {
          try KernelSetting.set(name, to: value)
        } catch {
          throw SystemCallError(call: "\(role.rawValue): \(error.call)", code: error.code)
        }
      }
    }
  }

  private static func connect(
    _ near: LabInterface, to far: LabInterface, by links: LinkRequests
  ) throws(SystemCallError) {
    try links.bringUp("lo")
    try links.add(.v4(near.address), prefix: 24, to: near.name)
    try links.add(.v6(near.address6), prefix: 64, to: near.name)
    try KernelSetting.set("net.ipv4.conf.\(near.name).rp_filter", to: "0")
    try InterfaceOffload.writeChecksums(of: near.name)
    try links.bringUp(near.name)
    try links.know(.v4(far.address), at: far.hardwareAddress, on: near.name)
    try links.know(.v6(far.address6), at: far.hardwareAddress, on: near.name)
  }

  /// Both ends of a cable are up, but the kernel notices a carrier a little later, and drops what is
  /// sent before.
  private func waitForCarrier() throws(SystemCallError) {
    let deadline = MonotonicClock.now + .seconds(5)
    for (role, name) in [
      (LabRole.server, "s0"), (.server, "s1"), (.client, "c0"), (.attacker, "a0"),
    ] {
      try self[role].perform { () throws(SystemCallError) in
        while try NetworkInterface.named(name)?.isRunning != true {
          guard MonotonicClock.now < deadline else {
            throw SystemCallError(call: "wait for the carrier of \(name)", code: ETIMEDOUT)
          }
          _ = try Readiness.wait(for: [], upTo: .milliseconds(1))
        }
      }
    }
  }

  private func addRoutes() throws(SystemCallError) {
    let near = LabInterface.serverToClient
    try client.perform { () throws(SystemCallError) in
      let links = try LinkRequests()
      try links.route(.v4(IPv4Address(198, 18, 0, 0)), prefix: 17, .through(.v4(near.address)))
      try links.route(.v6(LabNetwork.all6), prefix: 32, .through(.v6(near.address6)))
      try links.route(.v4(LabAddress.clientHosts), prefix: 17, .here)
      try links.route(.v6(LabAddress.clientHosts6), prefix: 48, .here)
      try links.know(.v4(LabAddress.unownedByClient), at: near.hardwareAddress, on: "c0")
    }
    let far = LabInterface.serverToAttacker
    try attacker.perform { () throws(SystemCallError) in
      let links = try LinkRequests()
      try links.route(.v4(IPv4Address(198, 18, 0, 0)), prefix: 17, .through(.v4(far.address)))
      try links.route(.v6(LabNetwork.all6), prefix: 32, .through(.v6(far.address6)))
      try links.know(.v4(LabAddress.unownedByAttacker), at: far.hardwareAddress, on: "a0")
    }
    try server.perform { () throws(SystemCallError) in
      let links = try LinkRequests()
      let client = LabInterface.client
      try links.route(.v4(LabAddress.clientHosts), prefix: 17, .through(.v4(client.address)))
      try links.route(.v6(LabAddress.clientHosts6), prefix: 48, .through(.v6(client.address6)))
      let attacker = LabInterface.attacker
      try links.route(.v4(LabAddress.spoofed), prefix: 16, .through(.v4(attacker.address)))
      try links.route(.v6(LabNetwork.spoofed6), prefix: 48, .through(.v6(attacker.address6)))
    }
  }
}

/// The lab's networks of IPv6.
enum LabNetwork {
  static let all6 = IPv6Address(high: 0x2001_0DB8_0000_0000, low: 0)
  static let spoofed6 = IPv6Address(high: 0x2001_0DB8_000F_0000, low: 0)
}

/// What is set in every host of a lab before anything else.
enum LabSettings {
  static let common = [
    ("net.ipv4.conf.all.rp_filter", "0"), ("net.ipv4.conf.default.rp_filter", "0"),
    ("net.ipv6.conf.all.accept_dad", "0"), ("net.ipv6.conf.default.accept_dad", "0"),
    ("net.ipv4.ip_forward", "0"), ("net.ipv6.conf.all.forwarding", "0"),
    // Otherwise whoever connected once would pass where strangers are turned away.
    ("net.ipv4.tcp_no_metrics_save", "1"),
    ("net.ipv4.ip_local_port_range", "1024 65535"),
  ]
}
