import ArgumentParser
import Determinism
import FloodSimulation
import FlowControl
import Handshake
import LinuxPacketIO
import LiveResponder
import StampService
import Wire

/// Lets the model's listener answer real packets.
struct Respond: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Let the model's listener answer real packets, for a host that is not there.",
    discussion: """
      The listener that `simulate` floods answers here for an address that no kernel owns: it \
      completes handshakes, gives every connection the time stamp of `halfopen stamp serve`, and \
      closes. Other ports of the address are closed, and answered with a RST; a ping is answered.

      With --interface, machines on that Ethernet reach the address (this one does not), at the \
      hardware address of the interface or at --mac; ARP and neighbour discovery are answered. It \
      must be free, which is asked first. Needs CAP_NET_RAW.

      With --tun (which is the default) this machine's kernel reaches the address through a network \
      device that is made for it and goes away with the program; a device of that name that is \
      there already is used as it was set up. Needs CAP_NET_ADMIN; without it, --rootless runs in a \
      user and network namespace of its own, and prints the line that joins it.

      Ends after --duration, or at SIGINT (status 130) or SIGTERM (status 143); in each case the \
      counters then stand on standard output, under the names that nstat has for them.

      EXAMPLES
        halfopen respond
        halfopen respond --mitigation linux --syncookies 2 --address 192.0.2.2
        halfopen respond --mitigation cookies --scheme bernstein --format json -o counters.json
        halfopen respond --rootless --duration 60s
        halfopen respond -i eth1 --address 192.0.2.2 --mac 02:00:00:00:00:2a
        halfopen respond --mitigation linux --impair loss=5%,reorder=2%
        halfopen stamp get 192.0.2.2
        curl --http0.9 http://192.0.2.2:8086
      """)

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Answer on this Ethernet, through AF_PACKET.", valueName: "interface"))
  var interface: String?

  @Option(
    help: ArgumentHelp(
      "The host's hardware address there. (default: the interface's)", valueName: "address"),
    transform: Self.hardware)
  var mac: MACAddress?

  @Option(
    help: ArgumentHelp(
      "The TUN device to make or to use. (default: halfopen0)", valueName: "device"))
  var tun: String?

  @Option(
    help: ArgumentHelp(
      "An address to answer for; repeat for more. (default: 192.0.2.2 and 2001:db8::2)",
      valueName: "address"))
  var address: [String] = []

  @Option(
    help: ArgumentHelp(
      "The kernel's own address on the device, one a family. (default: an address's neighbour)",
      valueName: "address"))
  var hostAddress: [String] = []

  @Option(name: .shortAndLong, help: "The port to listen on.")
  var port = StampServerConfiguration.defaultPort

  @Option(
    help:
      "pool, cookies or hybrid, or a stack: linux, freebsd, gvisor, pf, illumos, rfc9293. (default: hybrid)"
  )
  var mitigation: String?

  @Option(
    help:
      "The cookies of the pure forms, as `halfopen cookie list` names them. (default: salted)")
  var scheme: String?

  @OptionGroup(title: "The listener") var listener: ListenerFlags

  @Option(
    help: ArgumentHelp(
      "Put a bad path before the host, such as loss=5%,duplicate=1%,reorder=2%,delay=10ms, the same both ways.",
      valueName: "impairments"))
  var impair: String?

  @Option(help: "Equal seeds impair the same packets.")
  var seed: UInt64 = 1

  @Flag(help: "Lose the first pure ACK of each of a client's ports, once.")
  var dropFirstAck = false

  @Option(
    help: "Stop after this time, such as 250ms, 30s or 2m. (default: never)",
    transform: DurationArgument.parse)
  var duration: DurationArgument?

  @Option(help: "How to print the counters: text or json.")
  var format = Format.text

  @Option(name: .shortAndLong, help: "Write them to this file instead of standard output.")
  var output: String?

  @Flag(help: "Run in a user and network namespace of its own, without any privilege.")
  var rootless = false

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
  }

  func validate() throws {
    guard interface == nil || tun == nil else {
      throw ValidationError("--interface and --tun exclude each other.")
    }
    guard interface == nil || !address.isEmpty else {
      throw ValidationError("--interface needs --address: the address to answer for.")
    }
    guard interface == nil || hostAddress.isEmpty else {
      throw ValidationError("--host-address goes with --tun.")
    }
    guard mac == nil || interface != nil else {
      throw ValidationError("--mac goes with --interface.")
    }
  }

  func run() throws {
    let plan = try plan()
    let impairment = try impairment()
    let ends = try RespondingEnds(addresses: address, hostAddresses: hostAddress, port: port)
    if rootless { try RootlessRun.enter() }
    let signals = try SignalWatch()
    let device =
      if let interface {
        try RespondingDevice.interface(interface, at: mac, ends)
      } else {
        try RespondingDevice.tun(tun ?? "halfopen0", ends)
      }
    var entropy = SystemRandomNumberGenerator()
    let host = RespondingHost(
      at: ends.endpoints, settings: plan.listener, acceptRate: plan.acceptRate,
      keysFrom: &entropy
    ) {
      StampAnswer.octets(seconds: WallClock.now.nanoseconds / 1_000_000_000)
    }
    var responder = LiveResponder(host, on: device.device, at: device.hardware)
    responder.impair(impairment, seed: seed)
    responder.losesFirstAcknowledgments = dropFirstAck
    announce(ends, on: device.name)
    var line = ProgressLine()
    let begun = MonotonicClock.now
    let ending: LiveResponder.Ending
    do throws(SystemCallError) {
      ending = try responder.run(for: duration?.length, until: signals) { host in
        line.show(RespondingRecord.line(about: host))
      }
    } catch {
      line.clear()
      throw Failure(.resources, "the device is gone: \(error).")
    }
    line.clear()
    let record = RespondingRecord(
      responder, listener: plan.listener, device: device.name,
      length: MonotonicClock.now - begun)
    try write(format == .json ? record.json.text + "\n" : record.text)
    switch ending {
    case .duration: return
    case .signal(.interrupt): throw ExitCode(ExitStatus.interrupted.rawValue)
    case .signal(.terminate): throw ExitCode(ExitStatus.terminated.rawValue)
    }
  }

  /// The listener that the flags describe, by the same keys as in a scenario.
  private func plan() throws -> (listener: ListenerSettings, acceptRate: Double?) {
    var plan = SimulationPlan()
    plan.mitigations = [.hybrid]
    try plan.read([("mitigation", mitigation), ("scheme", scheme)] + listener.given)
    guard plan.mitigations.count == 1 else {
      throw Failure(.usage, "--mitigation: a listener has one at a time.")
    }
    let scenario = plan.scenario(under: plan.mitigations[0])
    var listener = scenario.listener
    // What a listener in the open cannot do without, whatever the model of it leaves out.
    listener.reopensTimeWait = true
    listener.stack.challengePace = .linux
    return (listener, scenario.acceptRate)
  }

  private static func hardware(_ text: String) throws -> MACAddress {
    let octets = text.split(separator: ":", omittingEmptySubsequences: false)
      .map { $0.utf8.count == 2 ? UInt64($0, radix: 16) : nil }
    let number = octets.reduce(UInt64(0)) { $0 << 8 | ($1 ?? 0) }
    // An odd first octet is a group's.
    guard octets.count == 6, !octets.contains(nil), number != 0, number >> 40 & 1 == 0 else {
      throw ValidationError("it must be one host's, such as 02:00:00:00:00:2a, not '\(text)'.")
    }
    return MACAddress(rawValue: number)
  }

  private func impairment() throws(Failure) -> Impairment {
    do throws(ImpairmentTextError) {
      return try Impairment(parsing: impair ?? "none")
    } catch {
      throw Failure(.usage, "--impair: \(error).")
    }
  }

  private func announce(_ ends: RespondingEnds, on device: String) {
    for endpoint in ends.endpoints {
      StandardError.write("halfopen: answering for \(endpoint) on \(device); Control-C stops\n")
    }
    if rootless { RootlessRun.announce() }
  }

  private func write(_ text: String) throws {
    if let output { try OutputFile.write(text, to: output) } else { StandardOutput.write(text) }
  }
}
