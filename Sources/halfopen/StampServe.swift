import ArgumentParser
import LinuxPacketIO
import StampService

/// Runs a stamp server until a signal stops it.
struct StampServe: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Answer every connection with the Unix time, until SIGINT or SIGTERM.",
    discussion: """
      One line Client:ADDRESS:PORT a connection goes to standard output, an IPv6 address in \
      brackets; all else goes to standard error. Durations take a unit: ns, us, ms, s, m, h.

        halfopen stamp serve                              all addresses, port 8086
        halfopen stamp serve --address ::1 --port 0       loopback, a free port, which is told
        halfopen stamp serve --backlog 1 --accept-delay never    a queue that stays full

      Ends with 130 after SIGINT and 143 after SIGTERM, with 2 for an address that is not this \
      machine's, 4 for a port that needs a permission, 6 for one that is taken.
      """)

  @Option(help: "The port; 0 takes a free one and tells which.")
  var port = StampServerConfiguration.defaultPort

  @Option(
    name: .customLong("address"),
    help: "A name or address to listen on; repeatable. (default: all, IPv6 and IPv4)")
  var addresses: [String] = []

  @Option(help: "How many finished handshakes may wait to be accepted.")
  var backlog: Int32 = 200

  @Option(
    help: ArgumentHelp(
      "Wait this long before each accept, or never accept.", valueName: "duration|never"),
    transform: AcceptDelay.init(parsing:))
  var acceptDelay = AcceptDelay(pace: .atOnce)

  @Option(help: "Accept so many a second, evenly.")
  var acceptRate: Double?

  func validate() throws {
    if let acceptRate {
      guard acceptRate > 0 else {
        throw ValidationError("--accept-rate must be more than 0, not \(acceptRate).")
      }
      guard acceptDelay.pace == .atOnce else {
        throw ValidationError("--accept-rate and --accept-delay exclude each other.")
      }
    }
    guard backlog >= 0 else {
      throw ValidationError("--backlog must be at least 0, not \(backlog).")
    }
  }

  func run() async throws {
    let signals = try SignalWatch()
    let configuration = StampServerConfiguration(
      hosts: addresses, port: port, backlog: backlog, acceptPace: pace)
    let server: StampServer
    do {
      server = try await StampServer.start(configuration, report: Self.report)
    } catch {
      throw Failure(Self.status(of: error), "\(error)")
    }
    for endpoint in server.endpoints { StandardError.write("listening on \(endpoint)\n") }
    let status = await signals.stop()
    await server.stop()
    throw ExitCode(status.rawValue)
  }

  private var pace: AcceptPace {
    acceptRate.map { .evenly(.nanoseconds(Int64(1e9 / $0))) } ?? acceptDelay.pace
  }

  private static func report(_ event: StampEvent) {
    switch event {
    case .client(let endpoint):
      StandardOutput.write("Client:\(endpoint)\n")
    case .vanishedClient:
      StandardError.write("a client was gone before its address could be read\n")
    case .pausedAccepting(let reason):
      StandardError.write("accepting pauses while resources are short: \(reason)\n")
    case .acceptFailed(let reason):
      StandardError.write("an accept failed, accepting goes on: \(reason)\n")
    case .stoppedListening(let endpoint, let reason):
      StandardError.write("no longer listening on \(endpoint): \(reason)\n")
    }
  }

  private static func status(of error: StampServerError) -> ExitStatus {
    switch error {
    case .nameNotFound, .addressNotHere, .interfaceMissing: .usage
    case .notPermitted: .permission
    case .addressInUse, .system: .resources
    }
  }
}

/// What `--accept-delay` takes.
struct AcceptDelay {
  let pace: AcceptPace

  init(pace: AcceptPace) {
    self.pace = pace
  }

  init(parsing text: String) throws {
    pace = text == "never" ? .never : .waiting(try DurationArgument.parse(text).duration)
  }
}
