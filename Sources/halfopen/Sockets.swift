import ArgumentParser
import KernelLab
import LinuxPacketIO
import Wire

/// Lists the sockets of this network namespace.
struct Sockets: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List this host's TCP and UDP sockets: states, queues and timers.",
    discussion: """
      Asked of the kernel by sock_diag(7), in the network namespace that the command runs in. Of a \
      listener, recv-q counts the connections that wait to be accepted, and send-q is the most that \
      may; a socket in SYN-RECEIVED is a half-open connection, and belongs to no process yet.

      EXAMPLES
        halfopen sockets
        halfopen sockets --listening
        halfopen sockets --tcp --state syn-received --port 8086
        halfopen sockets --port 8086 --count
        halfopen sockets --udp --format json
      """)

  @Flag(help: "TCP sockets; without --tcp and --udp both.")
  var tcp = false

  @Flag(help: "UDP sockets.")
  var udp = false

  @Flag(
    name: .shortAndLong, help: "Only those that listen, and UDP sockets that anybody can write to.")
  var listening = false

  @Option(
    help: ArgumentHelp(
      "Only those in this state, such as established or syn-received; repeatable.",
      valueName: "state"), transform: Self.state(named:))
  var state: [SocketState] = []

  @Option(help: ArgumentHelp("Only those with this port at either end; repeatable."))
  var port: [UInt16] = []

  @Flag(help: "Count them by state instead of listing them.")
  var count = false

  @Option(help: "How to print: text or json.")
  var format = Format.text

  @Option(name: .shortAndLong, help: "Write to this file instead of standard output.")
  var output: String?

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
  }

  func run() throws {
    let listing = SocketListing(sockets: try sockets())
    let text =
      switch (format, count) {
      case (.text, false): listing.text
      case (.text, true): listing.counts
      case (.json, _): listing.json.text + "\n"
      }
    if let output { try OutputFile.write(text, to: output) } else { StandardOutput.write(text) }
  }

  private func sockets() throws -> [KernelSocket] {
    do throws(SystemCallError) {
      let table = try SocketTable()
      var sockets: [KernelSocket] = []
      if tcp || !udp { sockets += try table.sockets(.tcp) }
      if udp || !tcp { sockets += try table.sockets(.udp) }
      return sockets.filter(isWanted)
    } catch {
      throw Failure(
        error.isPermission ? .permission : .unsupported,
        "the kernel does not tell of its sockets (\(error)); it needs CONFIG_INET_DIAG.")
    }
  }

  private func isWanted(_ socket: KernelSocket) -> Bool {
    if listening, socket.state != (socket.transport == .tcp ? .listen : .closed) { return false }
    if !state.isEmpty, !state.contains(socket.state) { return false }
    return port.isEmpty || port.contains(socket.local.port) || port.contains(socket.peer.port)
  }

  private static func state(named name: String) throws -> SocketState {
    let names = SocketState.allCases.map { $0.rawValue.lowercased() }
    if let state = SocketState.allCases.first(where: {
      $0.rawValue.lowercased() == name.lowercased()
    }) {
      return state
    }
    let nearest = NearestName.nearest(to: name, among: names) ?? ""
    throw ValidationError("there is no state '\(name)'; did you mean '\(nearest)'?")
  }
}
