import TestSupport
import Testing

/// A command line that is wrong, and what its refusal must name.
struct WrongCommandLine: Sendable, CustomTestStringConvertible {
  let arguments: [String]
  let named: [String]

  init(_ line: String, names named: String...) {
    arguments = line.split(separator: " ").map { $0 == "''" ? "" : String($0) }
    self.named = named
  }

  var testDescription: String { "halfopen " + arguments.joined(separator: " ") }
}

@Suite("A wrong command line")
struct UsageTests {
  static let ofTheProgram = [
    WrongCommandLine("flood", names: "no verb 'flood'", "did you mean"),
    WrongCommandLine("simulat --seed 1", names: "no verb 'simulat'", "'simulate'"),
    WrongCommandLine("--nosuch", names: "--nosuch"),
    WrongCommandLine("simulate --atack-rate 1", names: "--atack-rate", "--attack-rate"),
    WrongCommandLine("simulate surplus", names: "surplus"),
    WrongCommandLine("simulate --format xml", names: "--format", "xml", "json"),
    WrongCommandLine("simulate --seed", names: "--seed"),
    WrongCommandLine("simulate --plot flood.gif", names: "--plot", "'flood.gif'", ".svg", ".png"),
    WrongCommandLine("simulate --plot flood", names: "--plot", "'flood'"),
    WrongCommandLine("stamp fetch", names: "fetch"),
    WrongCommandLine("doctor --format csv", names: "--format", "csv"),
    WrongCommandLine("annotate - --format xml", names: "--format", "xml", "mermaid", "pcapng"),
    WrongCommandLine("annotate - --width 71", names: "--width", "not 71"),
    WrongCommandLine("demo --width 161", names: "--width", "not 161"),
    WrongCommandLine("capture -i lo -o ''", names: "-o"),
    WrongCommandLine("check --cases 0", names: "--cases", "not 0"),
  ]

  /// Flags of a scenario, each with a value that it cannot take.
  static let ofAScenario = [
    ("--mitigation", "moat"), ("--mitigation", "pool,pool"), ("--mitigation", ""),
    ("--scheme", "plain"), ("--duration", "5"), ("--duration", "0"), ("--duration", "-5s"),
    ("--duration", "1e3s"), ("--duration", "5 s"), ("--duration", "99999999999h"),
    ("--seed", "-1"), ("--seed", "18446744073709551616"), ("--seed", "x"), ("--seed", ""),
    ("--backlog", "0"), ("--backlog", "-1"), ("--backlog", "1.5"), ("--backlog", "99999999999"),
    ("--accept-queue", "0"), ("--accept-rate", "nan"), ("--accept-rate", "-1"),
    ("--on-overflow", "wait"), ("--admission", "per-source=0"), ("--admission", "per-source="),
    ("--admission", "random"), ("--half-open-lifetime", "63"), ("--half-open-lifetime", "0"),
    ("--visitors", "-1"), ("--visitor-lifetime", "-1s"), ("--legit-rate", "ten"),
    ("--legit-rate", "inf"), ("--legit-hosts", "65537"), ("--legit-rtt-min", "-1ms"),
    ("--legit-rtt-mean", "fast"), ("--legit-rtt-max", "1"), ("--syn-schedule", "bsd"),
    ("--give-up", "0"), ("--on-reset", "cry"), ("--attack-rate", "nan"), ("--attack-rate", "-1"),
    ("--attack-rate", "1e9"), ("--attack-rate", ""), ("--attack-arrivals", "bursts"),
    ("--attack-sources", "0"), ("--attack-rst-share", "1.1"), ("--attack-ack-rate", "-0.5"),
    ("--loss", "nan"), ("--loss", "2"), ("--loss", "50%"), ("--delay", "-1ms"),
    ("--delay", "3601s"),
  ]

  @Test("is refused with 2 and a sentence that names it", arguments: ofTheProgram)
  func isNamed(line: WrongCommandLine) async throws {
    let outcome = try await BuiltProgram.run(line.arguments)
    #expect(isRefusal(outcome, naming: line.named), "\(outcome.errors)")
  }

  @Test("has its flag and its value named", arguments: ofAScenario)
  func flagAndValueAreNamed(flag: String, value: String) async throws {
    let outcome = try await BuiltProgram.run(["simulate", flag, value])
    let written = value == "pool,pool" ? "pool" : value
    #expect(isRefusal(outcome, naming: [flag + " must be ", "'\(written)'"]), "\(outcome.errors)")
  }

  @Test("may be wrong in what two flags say together")
  func flagsThatContradict() async throws {
    let outcome = try await BuiltProgram.run(["simulate", "--legit-rtt-min", "2s"])
    #expect(isRefusal(outcome, naming: ["2s", "80ms"]), "\(outcome.errors)")
  }

  /// One line on standard error, nothing on standard output, status 2.
  private func isRefusal(_ outcome: Outcome, naming words: [String]) -> Bool {
    outcome.status == 2 && outcome.output.isEmpty && outcome.errors.hasPrefix("halfopen: ")
      && outcome.errors.hasSuffix("\n") && outcome.errors.count { $0.isNewline } == 1
      && words.allSatisfy(outcome.errors.contains)
  }
}
