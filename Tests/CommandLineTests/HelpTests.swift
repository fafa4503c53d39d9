import ArgumentParser
import TestSupport
import Testing

@testable import halfopen

@Suite("The program's help")
struct HelpTests {
  @Test("of the program and of every verb ends with 0 and has examples", arguments: commands())
  func examples(command: [String]) async throws {
    let outcome = try await BuiltProgram.run(command + ["--help"])
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    #expect(outcome.text.contains("OVERVIEW: ") && outcome.text.contains("USAGE: "))
    let line = (["  halfopen"] + command).joined(separator: " ")
    let examples = outcome.text.split(separator: "\n").filter { $0.hasPrefix(line) }
    #expect(!examples.isEmpty, "no line begins with '\(line)':\n\(outcome.text)")
  }

  @Test("names every verb, also when nothing is asked")
  func verbsAreListed() async throws {
    let help = try await BuiltProgram.run(["--help"])
    for command in Self.commands() where command.count == 1 {
      #expect(help.text.contains("\n  \(command[0]) "), "\(command)")
    }
    #expect(try await BuiltProgram.run([]).text == help.text)
    #expect(try await BuiltProgram.run(["help"]).text == help.text)
  }

  @Test("tells the version, alone on its line")
  func version() async throws {
    let outcome = try await BuiltProgram.run(["--version"])
    #expect(outcome.status == 0 && outcome.text == Halfopen.version + "\n")
    #expect(Halfopen.version.wholeMatch(of: /[0-9]+\.[0-9]+\.[0-9]+/) != nil)
  }

  /// The program itself, every verb, and every verb's verbs, as they are registered.
  static func commands() -> [[String]] {
    var found: [[String]] = [[]]
    for verb in Halfopen.configuration.subcommands {
      let name = verb.configuration.commandName ?? "\(verb)".lowercased()
      found.append([name])
      for part in verb.configuration.subcommands {
        found.append([name, part.configuration.commandName ?? "\(part)".lowercased()])
      }
    }
    return found
  }
}
