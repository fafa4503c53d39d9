import Determinism
import FloodSimulation
import Handshake
import LinuxPacketIO

/// One process of a run, and what it says.
final class RunWorker {
  /// What it is to the run.
  let name: String
  /// What it has said so far.
  var said: String { String(decoding: octets, as: UTF8.self) }

  private let process: ChildProcess
  private let pipe: BytePipe
  private var octets: [UInt8] = []
  private var status: Int32?

  /// Starts this very program with other words.
  init(
    _ name: String, _ words: [String], in namespace: NetworkNamespace, _ variables: [String: String]
  ) throws(KernelRunError) {
    self.name = name
    do throws(SystemCallError) {
      pipe = try BytePipe()
      process = try ChildProcess(
        ["/proc/self/exe"] + words, in: namespace, setting: variables,
        streams: ChildProcess.Streams(output: pipe.writing, errors: pipe.writing), isPunctual: true)
      pipe.closeWriting()
    } catch {
      throw .system(error)
    }
  }

  /// Readable when it has said more, or ended.
  var output: CInt { pipe.reading }

  /// Readable once it has ended.
  var descriptor: CInt { process.descriptor }

  var hasEnded: Bool { status != nil || process.hasEnded }

  /// Reads what there is; 0 octets at the end.
  func readMore() throws(KernelRunError) -> Int {
    do throws(SystemCallError) {
      let more = try pipe.read()
      octets += more
      return more.count
    } catch {
      throw .system(error)
    }
  }

  /// Waits for its end.
  func wait() -> Int32 {
    let ended = status ?? process.wait()
    status = ended
    return ended
  }

  /// Ends it, unless it has ended.
  @discardableResult func end() -> Int32 {
    let ended = status ?? process.end()
    status = ended
    return ended
  }
}

/// The words that a run's processes are started with.
enum RunCommands {
  static func server(_ scenario: FloodScenario) -> [String] {
    let words = [
      "stamp", "serve", "--address", "\(LabAddress.server)", "--port", "\(LabPort.stamp)",
      "--backlog", "\(scenario.listener.backlog)",
    ]
    guard let rate = scenario.acceptRate else { return words }
    guard rate > 0 else { return words + ["--accept-delay", "never"] }
    return words + ["--accept-rate", "\(rate)"]
  }

  static func crowd(_ scenario: FloodScenario, _ start: Instant) -> [String] {
    [
      "lab", "crowd", "--rate", "\(scenario.clients.rate)", "--duration",
      "\(scenario.duration.count)ns", "--hosts", "\(scenario.clients.hosts)", "--give-up",
      "\(scenario.clients.patience.count)ns", "--seed", "\(scenario.seed)", "--start-at",
      "\(start.nanoseconds)",
    ] + (scenario.clients.startsAgainAfterReset ? [] : ["--fail-on-reset"])
  }

  static func flood(_ scenario: FloodScenario, _ start: Instant) -> [String] {
    [
      "lab", "flood", "--rate", "\(scenario.attack.synRate)", "--duration",
      "\(scenario.duration.count)ns", "--arrivals", scenario.attack.arrivals.rawValue, "--sources",
      "\(scenario.attack.sources)", "--seed", "\(scenario.seed)", "--start-at",
      "\(start.nanoseconds)", "--show-batches",
    ]
  }
}
