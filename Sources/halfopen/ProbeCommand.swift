import Annotation
import ArgumentParser
import CaptureFiles
import Determinism
import Foundation
import LinuxPacketIO
import Probe
import Wire

/// Asks a live listener how it does its handshake.
struct ProbeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "probe",
    abstract: "Ask a listener how it does its handshake, and say how that is known.",
    discussion: """
      Sends a handful of hand-made SYNs and tells, each with the probability of being wrong: \
      whether the port is open; whether SYN cookies are sent, of which scheme, and how likely every \
      other explanation is; how initial sequence numbers are drawn; the clock behind timestamps; \
      and which options are answered.

      \(costs)
      A SYN that nothing answers may be sent again, and while the answers leave open what they \
      should tell up to two more follow: at most 10 SYNs a run, 40 with --patient or --options, a \
      tenth of a second or more apart, to one port, from an address of this host, each followed by \
      a RST so that the listener forgets it.

      The kernel would answer each SYN-ACK with a RST of its own. It is kept from it by a socket \
      that holds the port and takes in nothing: no rule of a firewall is changed, and all is gone \
      when the program ends, however it ends.

      Loopback, and hosts of a halfopen lab, may be probed freely. For any other host --authorized \
      has to name it once more: probe only what is yours, or whose owner asked you to. Broadcast, \
      multicast and unspecified addresses are refused (status 5). Needs CAP_NET_RAW.

      EXAMPLES
        halfopen probe 127.0.0.1 8086
        halfopen probe ::1 8086 --patient -o probe.pcapng
        halfopen probe www.example.org 443 --authorized www.example.org --options
        halfopen probe 192.0.2.1 80 --dry-run
        halfopen probe --from probe.pcapng --format json
        halfopen lab exec --server 'halfopen stamp serve' --until-listening 8086 \
      -- halfopen probe 198.18.0.1 8086
      """)

  /// How an outcome is printed.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text
    case ladder
    case json
    case jsonl
  }

  @Argument(help: "The listener's name or address; with --from, which one of the file's.")
  var host: String?

  @Argument(help: "The listener's port.")
  var port: UInt16?

  @Flag(help: "Find out when SYN-ACKs are sent again, and until when: takes up to 200 s.")
  var patient = false

  @Flag(help: "Offer each option alone, none, and all.")
  var options = false

  @Flag(
    help: "See what draws a RST or a challenge; in place of the usual questions within 10 SYNs.")
  var resets = false

  @Flag(
    help: """
      Fill the half-open pool and count what goes in, up to 5000 SYNs, 1000 a second; nothing \
      else is asked. Only of 127.0.0.1, or from a lab's client.
      """)
  var backlog = false

  @Option(
    help: ArgumentHelp("Say once more whom to probe: you may do so.", valueName: "host"))
  var authorized: String?

  @Option(
    name: .shortAndLong, help: "The interface to send through. (default: the routing table's)")
  var interface: String?

  @Option(help: "The address of this host to send from. (default: the routing table's)")
  var source: String?

  @Option(
    help: ArgumentHelp(
      "Judge what this capture file holds, and send nothing; - is standard input.",
      valueName: "file"))
  var from: String?

  @Flag(help: "Print what would be sent, and send nothing.")
  var dryRun = false

  @Option(
    name: .customShort("o"),
    help: ArgumentHelp(
      "Keep all that was sent and seen as pcapng, a comment on each packet.", valueName: "file"))
  var output: String?

  @Option(help: "How to print: text, ladder, json, or jsonl (a line a finding).")
  var format = Format.text

  @Option(help: "Equal seeds draw equal numbers. (default: the kernel's entropy)")
  var seed: UInt64?

  @OptionGroup var drawing: LadderOptions

  func validate() throws {
    guard from == nil else {
      if dryRun || output != nil { throw ValidationError("--from reads, and sends nothing.") }
      return
    }
    guard host != nil, let port else { throw ValidationError("Whom to probe? HOST and PORT.") }
    guard port > 0 else { throw ValidationError("The port must be at least 1, not 0.") }
    if backlog, patient || options || resets || dryRun || format == .ladder {
      throw ValidationError("--backlog asks for nothing else, and has no ladder.")
    }
    guard output != "-", output != "" else { throw ValidationError("-o needs a file's name.") }
  }

  func run() throws {
    if let from { return try ProbeFile(path: from, host: host, port: port).report(by: reporter) }
    let door = try ProbeGuard(
      host: host ?? "", port: port ?? 0, authorized: authorized, interface: interface,
      source: source)
    if !dryRun { try door.check() }
    let chance = SeededGenerator(seed: try seed ?? KernelEntropy.word())
    if dryRun {
      let plan = plan(door, ports: (0..<portCount).map { 50_000 + UInt16($0) }, chance)
      return StandardOutput.write(
        format == .json || format == .jsonl
          ? ProbePlanText.json(of: plan, door).text + "\n" : ProbePlanText.text(of: plan, door))
    }
    if backlog { return try measureBacklog(door, chance) }
    let session = try ProbeSession(through: door, portCount: portCount)
    var prober = Prober(plan(door, ports: session.ports, chance))
    let outcome = try session.run(&prober)
    if let output { try OutputFile.write(Data(outcome.commentedFile), to: output) }
    reporter.report(
      outcome.transcript, packets: CaptureContents(reading: outcome.file).packets, through: door)
    try end(by: outcome.stoppedBy)
  }

  /// Fills the listener's pool, and says how much went in.
  private func measureBacklog(_ door: ProbeGuard, _ chance: SeededGenerator) throws {
    var chance = chance
    let sources = try door.crowd(of: BacklogProber.synLimit)
    let session = try ProbeSession(through: door, portCount: 1, anyAddress: true)
    var prober = BacklogProber(
      of: door.target, from: sources, port: session.ports[0],
      first: SequenceNumber(UInt32(truncatingIfNeeded: chance.next())))
    let outcome = try session.run(&prober)
    if let output { try OutputFile.write(Data(outcome.commentedFile), to: output) }
    reporter.report(prober.finding, on: door.target)
    try end(by: outcome.stoppedBy)
  }

  private func end(by request: SignalWatch.Request?) throws {
    guard let request else { return }
    throw ExitCode((request == .interrupt ? ExitStatus.interrupted : .terminated).rawValue)
  }

  private var reporter: ProbeReporter { ProbeReporter(format: format, drawing: drawing) }

  /// What is asked, in order.
  private var questions: [ProbeQuestion] {
    let isLarge = patient || options
    var questions: [ProbeQuestion] = resets && !isLarge ? [] : [.handshake]
    if options { questions.append(.options) }
    if resets { questions.append(.resets) }
    if patient { questions.append(.schedule) }
    return questions
  }

  private var portCount: Int { ProbePlan.portCount(for: questions) }

  private func plan(_ door: ProbeGuard, ports: [UInt16], _ chance: SeededGenerator) -> ProbePlan {
    ProbePlan(
      asking: questions, of: door.target, from: door.source, ports: ports, chance: chance)
  }

  /// How many SYNs each finding spends.
  private static let costs = TextTable.text(
    header: ["finding", "SYNs"],
    rows: [
      (
        "port, round trip, cookies, numbers, clock, options of 4 offers",
        ProbeQuestion.handshake.syns
      ),
      ("--options: each option alone, none, all", ProbeQuestion.options.syns),
      ("--resets: second SYNs, RSTs beside the window, odd SYNs", ProbeQuestion.resets.syns),
      ("--patient: when a SYN-ACK is sent again", ProbeQuestion.schedule.syns),
      ("--backlog: half-open limit; loopback and labs only, at most", BacklogProber.synLimit),
    ].map { [$0.0, "\($0.1)"] })
}
