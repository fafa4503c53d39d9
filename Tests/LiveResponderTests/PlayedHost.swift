import Foundation
import LinuxPacketIO
import TestSupport

/// `halfopen respond` in a network namespace of its own, and what is done to it there; the
/// namespace and the device in it go away with the program.
final class PlayedHost: Sendable {
  /// The condition of tests that need it, and the words for those where it cannot be.
  static let isPossible = Capability.sysAdmin.isEffective && Capability.netAdmin.isEffective

  /// Whether python3, which some of the clients are written for, is there.
  static let hasPython = FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")

  private let program: BuiltProgram
  private let scratch: ScratchDirectory

  /// Starts the program, and waits until it answers.
  ///
  /// - Parameter arguments: What follows `respond`.
  /// - Throws: ``Silent`` with its words when it does not begin to answer.
  init(_ arguments: [String]) async throws {
    scratch = try ScratchDirectory()
    program = try BuiltProgram(
      ["respond", "--format", "json", "-o", scratch.path(of: "counters")] + arguments,
      through: ["unshare", "-n"], timeout: .seconds(120))
    // On a machine that runs all tests at once a program's start takes its time.
    for _ in 0..<6 where try await program.hasWritten("answering for") { return }
    throw Silent(words: program.errorsSoFar)
  }

  /// It did not begin to answer.
  struct Silent: Error {
    let words: String
  }

  /// Runs a line for sh in the namespace; `$1` is the program.
  func shell(_ line: String) async throws -> Outcome {
    try await BuiltProgram.run(
      [], through: ["nsenter", "-t", "\(program.processIdentifier)", "-n", "sh", "-c", line, "sh"],
      timeout: .seconds(100))
  }

  /// Interrupts the program.
  ///
  /// - Returns: What it counted; empty when it did not end as it should.
  func stop(with signal: Int32 = SIGINT) async throws -> Counts {
    program.send(signal)
    let outcome = await program.outcome()
    guard outcome.status == 128 + signal,
      let object = try? JSONSerialization.jsonObject(with: scratch.data(of: "counters")),
      let record = object as? [String: Any]
    else { throw Silent(words: "status \(outcome.status): \(outcome.errors)") }
    return Counts(record: record)
  }

  /// The counters of a run.
  struct Counts {
    let record: [String: Any]

    /// A counter of the listeners, by nstat's name, or one of the host, by its own; -1 for none.
    subscript(name: String) -> Int {
      for group in ["counters", "host"] {
        if let count = (record[group] as? [String: Any])?[name] as? Int { return count }
      }
      return -1
    }
  }
}
