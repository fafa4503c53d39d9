import ArgumentParser
import Determinism
import KernelLab
import LinuxPacketIO

/// Runs commands in the hosts of a lab.
struct LabExec: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "exec",
    abstract: "Run commands in the hosts of a lab of their own.",
    discussion: """
      The command behind -- runs in front, in the host that --in names; its status is the lab's. \
      The others are shell lines that run beside it and are stopped when it ends. Within a lab, the \
      command runs in another host of the same lab. They all find HALFOPEN_LAB_SERVER, \
      HALFOPEN_LAB_SERVER6 and HALFOPEN_LAB_UNOWNED (an address that no kernel has, which the client \
      reaches at the server's interface s0) in their environment. 198.18.128.0 to 198.18.255.255 \
      are the client's own addresses too; 198.19.0.0/16 is nobody's, and ends at the attacker.

      EXAMPLES
        halfopen lab exec -- ping -c 1 198.18.0.1
        halfopen lab exec --server 'halfopen stamp serve' --until-listening 8086 \
      -- halfopen stamp get 198.18.0.1
        halfopen lab exec --in server -- sh -c \
      'nc -l -p 7 & halfopen lab exec --in client -- nc 198.18.0.1 7'
        halfopen lab exec --in server
      """)

  @Option(
    name: .customLong("in"), help: "Where the command runs: server, client or attacker.",
    transform: Self.host(named:))
  var host = LabRole.client

  @Option(help: "A shell line that runs in the server beside the command.")
  var server: String?

  @Option(help: "A shell line that runs in the client beside the command.")
  var client: String?

  @Option(help: "A shell line that runs in the attacker beside the command.")
  var attacker: String?

  @Option(help: "Wait until somebody listens on this TCP port of the server, at most 10 s.")
  var untilListening: UInt16?

  @Flag(help: "Lose the first pure ACK of each of the client's ports, once; needs nft(8).")
  var dropFirstAck = false

  @Flag(help: "Make a user namespace even where root needs none.")
  var rootless = false

  @Argument(parsing: .postTerminator, help: "The command; without one, a shell.")
  var command: [String] = []

  func run() throws {
    if let lab = LabSurroundings() { return try enter(lab) }
    try LabEntry.enter(isRootless: rootless)
    let lab = try LabEntry.build()
    let signals = try SignalWatch()
    if dropFirstAck { try LostAcks.arrange(in: lab) }
    let variables = try LabSurroundings.variables(of: lab)
    let beside = try [
      (LabRole.server, server), (LabRole.client, client), (LabRole.attacker, attacker),
    ].compactMap { role, line in
      try line.map { try ChildProcess(["sh", "-c", $0], in: lab[role], setting: variables) }
    }
    defer { for process in beside { process.end() } }
    if let port = untilListening { try Self.wait(for: port, in: lab, while: beside, signals) }
    let front = try Self.start(line, in: lab[host], variables)
    while !front.hasEnded {
      _ = try Readiness.wait(
        for: [front.descriptor, signals.descriptor], upTo: .seconds(3_600))
      if let request = signals.request, !front.hasEnded {
        if request == .terminate || !Terminal.isTerminal(0) { front.send(request.number) }
        break
      }
    }
    let status = front.wait()
    if status != 0 { throw ExitCode(status) }
  }

  private static func host(named name: String) throws -> LabRole {
    guard let host = LabRole(rawValue: name) else {
      throw ValidationError("a lab's hosts are server, client and attacker; there is no '\(name)'.")
    }
    return host
  }

  /// The command, or else the user's shell.
  private var line: [String] {
    command.isEmpty ? [KernelText.variable("SHELL") ?? "sh"] : command
  }

  /// Becomes the command, in a host of the lab around this process.
  private func enter(_ lab: LabSurroundings) throws {
    guard server == nil, client == nil, attacker == nil, untilListening == nil, !dropFirstAck else {
      throw Failure(.usage, "within a lab, lab exec takes --in and a command only.")
    }
    do throws(SystemCallError) {
      throw try lab.namespace(of: host).become(line)
    } catch {
      throw Failure(error.isMissing ? .usage : .resources, "\(error).")
    }
  }

  private static func start(
    _ line: [String], in namespace: NetworkNamespace, _ variables: [String: String]
  ) throws -> ChildProcess {
    do throws(SystemCallError) {
      return try ChildProcess(line, in: namespace, setting: variables)
    } catch {
      throw Failure(error.isMissing ? .usage : .resources, "\(error).")
    }
  }

  /// Waits until somebody listens on a port of the server.
  private static func wait(
    for port: UInt16, in lab: KernelLab, while processes: [ChildProcess], _ signals: SignalWatch
  ) throws {
    let deadline = MonotonicClock.now + .seconds(10)
    while MonotonicClock.now < deadline {
      let ports = try lab[.server].perform { LocalListeners.ports() }
      if ports.contains(port) { return }
      // The kernel tells nobody when a port is listened on; to be asked often costs little.
      let ready = try Readiness.wait(
        for: processes.map(\.descriptor) + [signals.descriptor], upTo: .milliseconds(10))
      if let request = signals.request { throw ExitCode(128 + request.number) }
      if let ended = ready.dropLast().firstIndex(of: true) {
        let status = processes[ended].wait()
        throw Failure(
          .expectationFailed,
          "a command beside the lab's ended with \(status) before anybody listened on \(port).")
      }
    }
    throw Failure(.expectationFailed, "nobody listens on port \(port) of the server after 10 s.")
  }
}
