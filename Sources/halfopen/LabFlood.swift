import ArgumentParser
import Determinism
import FloodSimulation
import KernelLab
import LinuxPacketIO

/// Floods the lab's server, and nobody else.
struct LabFlood: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "flood",
    abstract: "Send spoofed SYNs to port 8086 of the lab's server, from the lab's attacker.",
    discussion: """
      It has no target to choose. It sends only in a network namespace that a lab made, and proves so \
      before every batch: that this is not the machine's own, that there is no interface but the \
      lab's, and no route to everywhere. At most 50,000 SYN/s, 200 s and 2,000,000 packets. It ends \
      when whoever started it does. A refusal is status 5.

      EXAMPLES
        halfopen lab flood --rate 1000 --duration 5s         in a shell of lab exec --in attacker
        halfopen lab exec --in attacker -- halfopen lab flood --rate 1000 --duration 5s
        halfopen lab exec --server 'halfopen stamp serve' --until-listening 8086 \
      --attacker 'halfopen lab flood --duration 10s' -- halfopen stamp get 198.18.0.1
      """)

  @Option(help: "SYNs a second.")
  var rate = 1_000.0

  @Option(help: "For how long. (default: 10s)", transform: DurationArgument.parse)
  var duration = DurationArgument.seconds(10)

  @Option(
    help: "How they follow each other: poisson or constant.", transform: Self.arrivals(named:))
  var arrivals = ArrivalProcess.poisson

  @Option(help: "How many addresses they come from, 1 to 65536.")
  var sources = 65_536

  @Option(help: "Equal seeds send equal SYNs.")
  var seed: UInt64 = 1

  @Flag(help: "Tell when each batch was sent, in ns from the start, and how many SYNs it had.")
  var showBatches = false

  @Option(help: .hidden)
  var startAt: Int64?

  func validate() throws {
    guard rate >= 0 else { throw ValidationError("--rate must be at least 0, not \(rate).") }
    guard (1...65_536).contains(sources) else {
      throw ValidationError("--sources must be from 1 to 65536, not \(sources).")
    }
  }

  func run() throws {
    let signals = try SignalWatch()
    var scenario = FloodScenario()
    scenario.seed = seed
    scenario.duration = duration.length
    scenario.attack.synRate = rate
    scenario.attack.arrivals = arrivals
    scenario.attack.sources = sources
    let start = startAt.map { Instant(nanoseconds: $0) } ?? MonotonicClock.sinceBoot
    let result: GuardedFlood.Result
    do throws(FloodRefusal) {
      result = try GuardedFlood.run(scenario, at: start) { signals.request != nil }
    } catch {
      throw Failure(.refused, error.description)
    }
    let mean = result.sent > 0 ? result.lateness.count / Int64(result.sent) : 0
    let batches = result.batches.map {
      JSONValue.array([.integer(Int($0.at.count)), .integer($0.count)])
    }
    let json = JSONValue.object(
      [
        ("schema", .string("halfopen.lab-flood/1")), ("syns_sent", .integer(result.sent)),
        ("lateness_mean_ns", .integer(Int(mean))),
        ("lateness_max_ns", .integer(Int(result.latest.count))),
      ] + (showBatches ? [("batches", .array(batches))] : []))
    StandardOutput.write(json.text + "\n")
    if let request = signals.request { throw ExitCode(128 + request.number) }
  }

  private static func arrivals(named name: String) throws -> ArrivalProcess {
    guard let process = ArrivalProcess(rawValue: name) else {
      throw ValidationError("--arrivals must be poisson or constant, not '\(name)'.")
    }
    return process
  }
}
