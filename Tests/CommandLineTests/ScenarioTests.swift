import Foundation
import TestSupport
import Testing

/// A scenario file that is wrong, and what its refusal must name.
struct WrongScenario: Sendable, CustomTestStringConvertible {
  let text: String
  let named: [String]

  init(_ text: String, names named: String...) {
    self.text = text
    self.named = named
  }

  var testDescription: String { text.debugDescription }
}

@Suite("A scenario file")
struct ScenarioTests {
  static let wrongOnes = [
    WrongScenario("# a flood\natack_rate: 5\n", names: ":2:", "'atack_rate'", "'attack_rate'"),
    WrongScenario("half-open-lifetime: 3s\n", names: ":1:", "'half_open_lifetime'"),
    WrongScenario("Seed: 3\n", names: ":1:", "'Seed'", "'seed'"),
    WrongScenario("seed: 1\nloss: 0\nseed: 2\n", names: ":3:", "'seed'", "more than once"),
    WrongScenario("{seed: 1, seed: 2}\n", names: "'seed'", "more than once"),
    WrongScenario("seed: 1\nadmission: [\n", names: ":3:", "no YAML"),
    WrongScenario("seed: 1: 2\n", names: ":1:", "no YAML"),
    WrongScenario("\tseed: 1\n", names: ":1:", "no YAML"),
    WrongScenario("seed: 1\n---\nseed: 2\n", names: ":2:", "no YAML"),
    WrongScenario("seed: 1\n\u{1}", names: ":2:", "no YAML", "control characters"),
    WrongScenario(String(repeating: "[", count: 100_000), names: ":1:", "no YAML"),
    WrongScenario("seed: *nobody\n", names: ":1:", "no YAML"),
    WrongScenario("just words\n", names: "'key: value'"),
    WrongScenario("- seed\n", names: "'key: value'"),
    WrongScenario("seed: 1\nbacklog: none\n", names: ":2:", "backlog", "'none'"),
    WrongScenario("backlog:\n", names: ":1:", "backlog", "''"),
    WrongScenario("\n\n\nloss: 2\n", names: ":4:", "loss", "'2'"),
    WrongScenario("loss: .nan\n", names: ":1:", "loss", "'.nan'"),
    WrongScenario("duration: 60\n", names: ":1:", "duration", "unit", "'60'"),
    WrongScenario("backlog: [1, 2]\n", names: ":1:", "backlog", "'1,2'"),
    WrongScenario("backlog: {a: 1}\n", names: ":1:", "backlog", "a single value"),
    WrongScenario("mitigation: [pool, moat]\n", names: ":1:", "mitigation", "'moat'"),
    WrongScenario("mitigation: []\n", names: ":1:", "mitigation"),
  ]

  @Test("that is wrong is refused with 2, naming file, line and key", arguments: wrongOnes)
  func wrongOneIsRefused(scenario: WrongScenario) async throws {
    let room = try ScratchDirectory()
    try Data(scenario.text.utf8).write(to: room.url.appending(path: "flood.yaml"))
    let outcome = try await BuiltProgram.run(
      ["simulate", "--scenario", "flood.yaml"], directory: room.path)
    #expect(outcome.status == 2 && outcome.output.isEmpty)
    #expect(outcome.errors.hasPrefix("halfopen: flood.yaml:"), "\(outcome.errors)")
    #expect(outcome.errors.count { $0.isNewline } == 1 && outcome.errors.utf8.count < 400)
    for word in scenario.named { #expect(outcome.errors.contains(word), "\(outcome.errors)") }
  }

  @Test("that cannot be read is refused, and named", arguments: ["missing.yaml", "/", "/dev/zero"])
  func unreadableOneIsRefused(path: String) async throws {
    let outcome = try await BuiltProgram.run(["simulate", "--scenario", path])
    #expect(outcome.status == 2 && outcome.output.isEmpty)
    #expect(outcome.errors.contains(path) && outcome.errors.count { $0.isNewline } == 1)
  }

  @Test("that is no UTF-8 is refused")
  func octetsAreRefused() async throws {
    let room = try ScratchDirectory()
    try Data([0xFF, 0xFE, 0x00]).write(to: room.url.appending(path: "flood.yaml"))
    let outcome = try await BuiltProgram.run(
      ["simulate", "--scenario", "flood.yaml"], directory: room.path)
    #expect(outcome.status == 2 && outcome.output.isEmpty)
    #expect(outcome.errors.contains("flood.yaml") && outcome.errors.contains("UTF-8"))
  }

  /// A value for each key, none of which is the default.
  static let everyKey = [
    "mitigation": "[hybrid, pool, linux]", "scheme": "linux", "duration": "1500ms",
    "seed": "18446744073709551615", "backlog": "7", "accept_queue": "3", "accept_rate": "12.5",
    "on_overflow": "reset", "admission": "per-source=2", "half_open_lifetime": "2s",
    "lifetime_law": "two-point", "syncookies": "2", "max_syn_backlog": "64", "somaxconn": "32",
    "synack_retries": "4", "timer_phase": "7",
    "visitors": "9", "visitor_lifetime": "30s", "legit_rate": "0.1", "legit_hosts": "5",
    "legit_rtt_min": "1us", "legit_rtt_mean": "20ms", "legit_rtt_max": "50ms",
    "syn_schedule": "doubling", "give_up": "4s", "on_reset": "fail", "attack_rate": "99.5",
    "attack_arrivals": "constant", "attack_sources": "12", "attack_rst_share": "0.25",
    "attack_ack_rate": "3", "loss": "0.125", "delay": "7ns",
    "client_speaks": "3s", "drop_first_ack": "yes",
  ]

  @Test("printed by --print-scenario says what was asked, and reads back as the same")
  func printedOneReadsBack() async throws {
    let room = try ScratchDirectory()
    let written = Self.everyKey.keys.sorted()
      .map { "\($0): \(Self.everyKey[$0] ?? "")\n" }.joined()
    try Data(written.utf8).write(to: room.url.appending(path: "flood.yaml"))
    let first = try await print(["--scenario", "flood.yaml"], in: room)
    let lines = first.split(separator: "\n")
    #expect(lines.count == Self.everyKey.count)
    for line in lines {
      let parts = line.split(separator: ": ", maxSplits: 1).map(String.init)
      let value = parts[1].filter { !"\" ".contains($0) }
      #expect(value == Self.everyKey[parts[0]]?.filter { $0 != " " }, "\(line)")
    }
    try Data(first.utf8).write(to: room.url.appending(path: "again.yaml"))
    #expect(try await print(["--scenario", "again.yaml"], in: room) == first)
    let defaults = try await print([], in: room)
    try Data(defaults.utf8).write(to: room.url.appending(path: "defaults.yaml"))
    #expect(try await print(["--scenario", "defaults.yaml"], in: room) == defaults)
    #expect(defaults != first)
  }

  @Test("has every key as a flag, that means the same")
  func keysAreFlags() async throws {
    let room = try ScratchDirectory()
    let written = Self.everyKey.map { "\($0): \($1)\n" }.joined()
    try Data(written.utf8).write(to: room.url.appending(path: "flood.yaml"))
    let flags = Self.everyKey.filter { $0.key != "mitigation" }.flatMap { key, value in
      ["--" + key.replacing("_", with: "-"), value]
    }
    let given = ["--mitigation", "hybrid", "--mitigation", "pool", "--mitigation", "linux"] + flags
    let printed = try await print(given, in: room)
    #expect(try await print(["--scenario", "flood.yaml"], in: room) == printed)
  }

  @Test("gives way to flags, wherever on the line they stand")
  func flagsGoFirst() async throws {
    let room = try ScratchDirectory()
    let text = "mitigation: cookies\nseed: 5\nduration: 2s\n"
    try Data(text.utf8).write(to: room.url.appending(path: "flood.yaml"))
    let file = ["--scenario", "flood.yaml"]
    for line in [["--seed", "9"] + file, file + ["--seed", "9"]] {
      let printed = try await print(line, in: room)
      #expect(printed.contains("\nseed: 9\n") && printed.contains("\nduration: \"2s\"\n"))
      #expect(printed.hasPrefix("mitigation: [\"cookies\"]\n"), "\(printed)")
    }
    let other = try await print(file + ["--mitigation", "pool"], in: room)
    #expect(other.hasPrefix("mitigation: [\"pool\"]\n"), "flags replace a list, never add to it")
  }

  @Test("may be empty, and then says nothing")
  func emptyOneIsFine() async throws {
    let room = try ScratchDirectory()
    let printed = try await print(["--scenario", "/dev/null"], in: room)
    #expect(try await print([], in: room) == printed)
  }

  private func print(_ arguments: [String], in room: ScratchDirectory) async throws -> String {
    let outcome = try await BuiltProgram.run(
      ["simulate", "--print-scenario"] + arguments, directory: room.path)
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    return outcome.text
  }
}
