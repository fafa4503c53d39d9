import ArgumentParser
import Determinism
import FloodSimulation
import KernelLab
import LinuxPacketIO
import StampService
import Wire

/// The clients of a lab's run, as a process in the client: a line an attempt on standard output.
struct LabCrowd: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "crowd",
    abstract: "Ask the lab's server for stamps, many times a second, each from an end of its own.",
    discussion: """
      A line an attempt, in CSV: how it ended, after how long it was established, how much later than \
      planned it began, how often it began anew.

      EXAMPLES
        halfopen lab crowd --rate 100 --duration 5s          in a shell of lab exec --in client
        halfopen lab exec --server 'halfopen stamp serve' --until-listening 8086 \
      -- halfopen lab crowd --rate 100 --duration 5s
      """)

  @Option(help: "Attempts a second.")
  var rate = 50.0

  @Option(help: "For how long attempts begin. (default: 10s)", transform: DurationArgument.parse)
  var duration = DurationArgument.seconds(10)

  @Option(help: "How many of the client's addresses they come from, 1 to 32768.")
  var hosts = 1_000

  @Option(
    help: "How long each waits for its stamp. (default: 10s)", transform: DurationArgument.parse)
  var giveUp = DurationArgument.seconds(10)

  @Flag(help: "Count one whose fresh connection is reset as refused, instead of beginning anew.")
  var failOnReset = false

  @Option(help: "Equal seeds begin at equal instants.")
  var seed: UInt64 = 1

  @Option(help: .hidden)
  var startAt: Int64?

  func validate() throws {
    guard rate >= 0 else { throw ValidationError("--rate must be at least 0, not \(rate).") }
    guard (1...LabAddress.clientHostCount).contains(hosts) else {
      throw ValidationError(
        "--hosts must be from 1 to \(LabAddress.clientHostCount), not \(hosts).")
    }
  }

  func run() async throws {
    _ = ParentProcess()
    var scenario = FloodScenario()
    scenario.seed = seed
    scenario.duration = duration.length
    scenario.clients.rate = rate
    let start = startAt ?? MonotonicClock.sinceBoot.nanoseconds
    var arrivals = scenario.clientArrivals
    var starts: [Int64] = []
    while arrivals.next < .distantFuture {
      starts.append(start + arrivals.next.nanoseconds)
      arrivals.moveOn()
    }
    let ends = LabAddress.clientEnds(hosts: hosts)
    guard starts.count <= ends.count else {
      throw Failure(
        .usage,
        "\(hosts) hosts have \(ends.count) fresh ports, fewer than \(starts.count) attempts.")
    }
    let attempts = await StampCrowd.run(
      StampCrowd.Plan(
        server: Endpoint(.v4(LabAddress.server), port: LabPort.stamp), starts: starts,
        patience: giveUp.duration, startsAgainAfterReset: !failOnReset, ends: ends.end(number:)))
    let lines = attempts.map { attempt in
      "\(attempt.outcome.rawValue),\(attempt.connectNanoseconds.map(String.init) ?? ""),"
        + "\(attempt.lateNanoseconds),\(attempt.restarts)\n"
    }
    StandardOutput.write("outcome,connect_ns,late_ns,restarts\n" + lines.joined())
  }
}
