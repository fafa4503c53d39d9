import Foundation
import Synchronization
import Wire

/// The built program as a child process, its two outputs in files of a directory of its own.
final class ServedProcess: Sendable {
  private let process: Process
  private let directory: URL

  /// Starts `halfopen` with `arguments` under a soft limit of `descriptors` open files.
  init(_ arguments: [String], descriptors: Int = 1_024) throws {
    directory = FileManager.default.temporaryDirectory
      .appending(path: "halfopen-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments =
      ["-c", "ulimit -S -n \(descriptors); exec \"$0\" \"$@\"", Self.program.path] + arguments
    process.standardOutput = try Self.file(directory.appending(path: "stdout"))
    process.standardError = try Self.file(directory.appending(path: "stderr"))
    try process.run()
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    try? FileManager.default.removeItem(at: directory)
  }

  /// What it has written so far.
  var output: String { text("stdout") }

  /// What it has said so far.
  var messages: String { text("stderr") }

  /// The number of its open descriptors.
  var descriptors: Int {
    (try? FileManager.default.contentsOfDirectory(
      atPath: "/proc/\(process.processIdentifier)/fd"))?.count ?? 0
  }

  /// Clock ticks of processor time, a hundredth of a second each, used so far.
  var ticks: Int {
    let line = try? String(
      contentsOfFile: "/proc/\(process.processIdentifier)/stat", encoding: .utf8)
    let fields = line?.split(separator: ")").last?.split(separator: " ") ?? []
    return fields.count > 12 ? (Int(fields[11]) ?? 0) + (Int(fields[12]) ?? 0) : 0
  }

  /// The port of the first address that it says it listens on.
  func port() async throws -> UInt16? {
    guard try await eventually({ self.messages.contains("listening on ") }) else { return nil }
    let line = messages.split(separator: "\n").first { $0.hasPrefix("listening on ") }
    return line?.split(separator: ":").last.flatMap { UInt16($0) }
  }

  /// Sends a signal and waits for the end.
  func stop(_ signal: Int32) async throws -> Int32? {
    kill(process.processIdentifier, signal)
    let hasEnded = try await eventually { !self.process.isRunning }
    return hasEnded && process.terminationReason == .exit ? process.terminationStatus : nil
  }

  /// Waits for the end.
  func end() async throws -> Int32? {
    try await eventually { !self.process.isRunning } ? process.terminationStatus : nil
  }

  private func text(_ name: String) -> String {
    (try? String(contentsOf: directory.appending(path: name), encoding: .utf8)) ?? ""
  }

  private static func file(_ url: URL) throws -> FileHandle {
    try Data().write(to: url)
    return try FileHandle(forWritingTo: url)
  }

  /// The program, which is built beside the tests.
  private static let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "halfopen")
}
