import Foundation
import TestSupport

/// A command as a reader of a notebook would type it, in bash, with `halfopen` on the PATH.
struct ShellCommand {
  /// The exit status; 124 when the command was ended for taking too long.
  let status: Int32
  /// What came out, errors among the rest as a terminal shows them.
  let output: String

  /// Runs `command` and waits for its end.
  ///
  /// Nothing of the user's terminal, language or time zone reaches it, and output goes through a
  /// file, so that no amount of it can block the command.
  ///
  /// - Parameters:
  ///   - command: What bash is to run.
  ///   - folder: Where it runs.
  ///   - seconds: How long it may take before it is ended.
  /// - Throws: Foundation's error when bash cannot be started.
  init(_ command: String, in folder: URL, seconds: Int = 300) async throws {
    let scratch = try ScratchDirectory()
    let file = scratch.url.appending(path: "output")
    try Data().write(to: file)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["timeout", "--kill-after=5", "\(seconds)", "bash", "-c", command]
    process.currentDirectoryURL = folder
    process.environment = Self.environment
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: file)
    process.standardError = process.standardOutput
    // Waiting on one of the few threads that all tests share would hold up the others.
    try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
      process.terminationHandler = { _ in done.resume() }
      do { try process.run() } catch { done.resume(throwing: error) }
    }
    status = process.terminationStatus
    output = scratch.text(of: "output")
  }

  /// The lines that came out, and how the command ended unless well.
  var lines: [String] {
    var lines = output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" { lines.removeLast() }
    return status == 0 ? lines : lines + ["[exit status \(status)]"]
  }

  /// The release build where it is the newer one: it prints the same, in a tenth of the time.
  static var program: URL {
    let built = URL(filePath: BuiltProgram.path)
    let release = built.deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "release/halfopen")
    return modified(release) > modified(built) ? release : built
  }

  private static func modified(_ file: URL) -> Date {
    let attributes = try? FileManager.default.attributesOfItem(atPath: file.path)
    return attributes?[.modificationDate] as? Date ?? .distantPast
  }

  private static var environment: [String: String] {
    var environment = ProcessInfo.processInfo.environment
    let program = program.deletingLastPathComponent().path
    environment["PATH"] = "\(program):\(environment["PATH"] ?? "/usr/bin:/bin"):/usr/sbin:/sbin"
    environment["LC_ALL"] = "C.UTF-8"
    environment["TZ"] = "UTC"
    environment["NO_COLOR"] = "1"
    environment["COLUMNS"] = "100"
    return environment
  }
}
