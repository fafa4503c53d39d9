import Foundation
import TestSupport

/// A program in C, compiled for the tests that hold ours against it.
struct CProgram {
  private let scratch: ScratchDirectory

  /// The C compiler of this machine: the system's, or the one that comes with Swift.
  static let compiler: String? = ["cc", "gcc", "clang"].lazy.compactMap { name in
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return folders.map { "\($0)/\(name)" }.first(where: FileManager.default.isExecutableFile)
  }.first

  /// Compiles `source`.
  ///
  /// - Throws: ``CompilerSays`` when that fails, and what Foundation throws.
  init(_ source: String) async throws {
    scratch = try ScratchDirectory()
    try await Self.compile(source, ["-o", scratch.path(of: "program")], in: scratch)
  }

  /// Lets the compiler read `source` and judge its assertions, and make nothing of it.
  ///
  /// - Throws: ``CompilerSays`` when it finds fault, and what Foundation throws.
  static func check(_ source: String, options: [String]) async throws {
    try await compile(source, ["-fsyntax-only"] + options, in: try ScratchDirectory())
  }

  private static func compile(
    _ source: String, _ options: [String], in scratch: ScratchDirectory
  ) async throws {
    try Data(source.utf8).write(to: scratch.url.appending(path: "program.c"))
    let strict = ["-std=gnu11", "-Wall", "-Wextra", "-Werror"]
    let outcome = try await run(
      compiler ?? "cc", strict + options + [scratch.path(of: "program.c")])
    guard outcome.status == 0 else { throw CompilerSays(words: outcome.errors) }
  }

  struct CompilerSays: Error {
    let words: String
  }

  /// Starts the program.
  func start(_ arguments: [String]) throws -> BuiltProgram {
    try BuiltProgram([scratch.path(of: "program")] + arguments, through: Self.instead)
  }

  /// Runs the program to its end.
  func run(_ arguments: [String], input: String = "") async throws -> Outcome {
    try await BuiltProgram.run(
      [scratch.path(of: "program")] + arguments, input: input, through: Self.instead)
  }

  private static func run(_ program: String, _ arguments: [String]) async throws -> Outcome {
    try await BuiltProgram.run([program] + arguments, through: instead)
  }

  // The shell drops our program, which comes first, and runs the other instead.
  private static let instead = ["sh", "-c", "shift; exec \"$@\"", "sh"]
}

extension BuiltProgram {
  /// The port that it says it listens on; nil when it says none.
  func port() async throws -> String? {
    guard try await hasWritten("listening on "), try await hasWritten("\n") else { return nil }
    let line = errorsSoFar.split(separator: "\n").first { $0.hasPrefix("listening on ") }
    return line?.split(separator: ":").last.map(String.init)
  }
}
