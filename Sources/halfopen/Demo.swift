import Annotation
import ArgumentParser
import Determinism
import FloodSimulation
import Foundation
import LinuxPacketIO

/// Shows in a minute what halfopen is for.
struct Demo: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "See what a SYN flood does, what cookies cost, and a real handshake explained.",
    discussion: """
      First the same flood meets a pool, cookies and a hybrid in virtual time. Then the bundled \
      stamp server and client shake hands on loopback, while the packets are captured, and the \
      capture is drawn with its meaning. The capture is kept as pcapng with a comment on each packet.

      Capturing needs CAP_NET_RAW. Without it the program runs the whole demo in a user and network \
      namespace of its own; where that is forbidden as well, it explains the capture that it \
      carries with it, and ends with status 4.

        halfopen demo
        halfopen demo -o /tmp --seed 7 --backend pcap
      """)

  @Option(name: .shortAndLong, help: "The folder for the capture; made if it is missing.")
  var output = "captures"

  @Option(help: "The seed of the simulated flood.")
  var seed: UInt64 = 1

  @Option(help: "How to capture: afpacket or pcap.")
  var backend = BackendChoice.afpacket

  @Flag(help: "Use a namespace of its own even with CAP_NET_RAW.")
  var rootless = false

  @OptionGroup var drawing: LadderOptions

  func run() async throws {
    let refusal = try enterNamespaceIfNeeded()
    // Whoever named a folder that cannot be is told at once, not after the flood.
    if refusal == nil { try OutputFile.makeFolder(output) }
    try showFlood()
    if let refusal { try explainBundledCapture(because: refusal) }
    try await showHandshake()
  }

  // MARK: A flood, three ways

  private func showFlood() throws {
    var plan = SimulationPlan()
    plan.scenario.seed = seed
    plan.scenario.duration = .seconds(30)
    heading("1. One SYN flood, three listeners (simulated)")
    var stopwatch = Stopwatch()
    let record = SimulationRecord(plan: plan, reports: plan.reports(timedBy: &stopwatch))
    StandardOutput.write(SimulationText.text(of: record) + "\n")
  }

  // MARK: A real handshake

  private func showHandshake() async throws {
    heading("2. A real handshake: halfopen stamp get, captured on loopback")
    let exchange = try await StampExchange.capture(through: backend.way)
    StandardOutput.write(exchange.capture.text(by: LadderWriter(drawing.layout())) + "\n")
    StandardOutput.write("The client printed: stamp = \(exchange.stamp)\n\n")
    heading("3. The capture, with a comment on each packet")
    let path = try keep(exchange)
    StandardOutput.write(
      """
      \(path)
      Open it with Wireshark, tshark or tcpdump, or: halfopen annotate \(path)

      """)
  }

  private func keep(_ exchange: StampExchange) throws -> String {
    let path = output + "/demo.pcapng"
    try OutputFile.write(Data(exchange.commentedFile), to: path)
    return path
  }

  // MARK: Without the permission to capture

  /// Goes into a namespace where it may capture; tells why not, when it cannot.
  private func enterNamespaceIfNeeded() throws -> Failure? {
    guard rootless || !mayCapture, !RootlessProcess.isInside else { return nil }
    StandardError.write(
      rootless
        ? "halfopen: entering a user and network namespace, as --rootless says.\n"
        : "halfopen: may not capture here; entering a namespace of its own (--rootless).\n"
    )
    do {
      try RootlessRun.enter()
    } catch let failure as Failure {
      return failure
    }
    return nil
  }

  /// Tried, not guessed: a capability may be there and be worth nothing in this network namespace.
  private var mayCapture: Bool {
    (try? backend.way.begin(CaptureSettings(interface: "lo"))) != nil
  }

  private func explainBundledCapture(because refusal: Failure) throws -> Never {
    heading("2. A handshake captured earlier, since this machine lets us capture none")
    StandardOutput.write(BundledCapture.annotated().text(by: LadderWriter(drawing.layout())) + "\n")
    throw Failure(
      .permission,
      """
      \(refusal)
      Or grant the program what it needs to capture:
        \(PermissionAdvice.setcapLine)
      """)
  }

  private func heading(_ text: String) {
    StandardOutput.write(text + "\n" + String(repeating: "=", count: text.count) + "\n\n")
  }
}
