import ArgumentParser
import Determinism
import KernelLab
import LinuxPacketIO

/// Replays the measured tables on this kernel.
struct LabGolden: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "golden",
    abstract: "Replay what was measured of Linux on this kernel, beside the model.",
    discussion: """
      Capacity of the half-open pool, length of the accept queue, lives of unanswered entries, \
      admission rates, the share of clients connected by their first SYN, the stall after a lost \
      final ACK (which needs nft): the table's figure, this kernel and the model side by side. In \
      about a minute; --long adds what takes longer, and the occupancy under floods of 174 s. Ends \
      with 0 when all agree, with 1 when this kernel or the model answers differently.

      EXAMPLES
        halfopen lab golden
        halfopen lab golden --table capacity --table lifetime
        halfopen lab golden --long --format json -o golden.json
      """)

  @Flag(help: "Also what takes minutes.")
  var long = false

  @Option(
    help: ArgumentHelp(
      "Only these: capacity, accept-queue, lifetime, admission, first-syn, stall, occupancy.",
      valueName: "table"), transform: Self.table(named:))
  var table: [GoldenRow.Table] = []

  @Option(help: "How many experiments wait side by side.")
  var jobs = 6

  @Option(help: "How to print: text, json (one object) or csv (a row a figure).")
  var format = Format.text

  @Option(name: .shortAndLong, help: "Write the result to this file instead of standard output.")
  var output: String?

  @Flag(help: "Make a user namespace even where root needs none.")
  var rootless = false

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
    case csv
  }

  func validate() throws {
    guard (1...64).contains(jobs) else {
      throw ValidationError("--jobs must be from 1 to 64, not \(jobs).")
    }
  }

  func run() throws {
    try LabEntry.enter(isRootless: rootless)
    let signals = try SignalWatch()
    let replay = GoldenReplay(wheel: try KernelTimerWheel.measured(), signals: signals)
    let experiments = replay.experiments(isLong: long).filter {
      table.isEmpty || table.contains($0.table)
    }
    guard !experiments.isEmpty else {
      throw Failure(.usage, "that table takes minutes; it is replayed with --long.")
    }
    var line = ProgressLine()
    defer { line.clear() }
    let rows: [GoldenRow]
    do throws(KernelRunError) {
      rows = try Experiments.run(experiments, width: jobs) { done in
        line.show("\(done) of \(experiments.count) experiments done")
      }
    } catch {
      throw LabRuns.failure(of: error)
    }
    let record = GoldenRecord(rows: rows)
    let text =
      switch format {
      case .text: record.text
      case .json: record.json.text + "\n"
      case .csv: record.csv
      }
    if let output { try OutputFile.write(text, to: output) } else { StandardOutput.write(text) }
    if !rows.allSatisfy(\.agrees) { throw ExitCode(ExitStatus.expectationFailed.rawValue) }
  }

  private static func table(named name: String) throws -> GoldenRow.Table {
    guard let table = GoldenRow.Table(rawValue: name.replacing("-", with: "_")) else {
      let names = GoldenRow.Table.allCases.map { $0.rawValue.replacing("_", with: "-") }
      throw ValidationError(
        "there is no table '\(name)'; did you mean '\(NearestName.nearest(to: name, among: names) ?? "")'?"
      )
    }
    return table
  }
}
