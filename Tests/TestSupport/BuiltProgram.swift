public import Foundation

/// The built `halfopen`, run as a user runs it: in a shell, with its name on the PATH.
public enum BuiltProgram {
  /// What a run left behind.
  public struct Result: Sendable {
    /// The exit status; 124 when the run was ended for taking too long.
    public var status: Int32
    /// What went to standard output.
    public var output: String
    /// What went to standard error.
    public var errors: String
  }

  /// The folder that holds the program that belongs to these tests: SwiftPM puts it beside the test
  /// bundle, so that a debug run tests the debug program.
  public static let folder: URL = {
    let besideTests = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    return FileManager.default.isExecutableFile(
      atPath: besideTests.appending(path: "halfopen").path)
      ? besideTests : Checkout.root.appending(path: ".build/debug")
  }()

  /// Runs `command` with bash in `folder`, with `halfopen` on the PATH and nothing that depends on
  /// the user's terminal, language or time zone.
  ///
  /// - Parameters:
  ///   - command: What bash is to run.
  ///   - workingFolder: Where it runs.
  ///   - joinsStreams: Whether errors go to ``Result/output`` too, among what was printed, as a
  ///     terminal shows them.
  ///   - seconds: How long it may take before it is ended.
  /// - Returns: What it left behind, however it ended.
  /// - Throws: Foundation's error when bash cannot be started.
  public static func run(
    _ command: String, in workingFolder: URL, joiningStreams joinsStreams: Bool = false,
    seconds: Int = 120
  ) throws -> Result {
    try TemporaryFolder.use { streams in
      let output = streams.appending(path: "output")
      let errors = streams.appending(path: "errors")
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/env")
      process.arguments = ["timeout", "--kill-after=5", "\(seconds)", "bash", "-c", command]
      process.currentDirectoryURL = workingFolder
      process.environment = environment
      process.standardInput = FileHandle.nullDevice
      process.standardOutput = try emptyFile(at: output)
      process.standardError = joinsStreams ? process.standardOutput : try emptyFile(at: errors)
      try process.run()
      process.waitUntilExit()
      return Result(
        status: process.terminationStatus,
        output: try text(of: output),
        errors: joinsStreams ? "" : try text(of: errors))
    }
  }

  private static var environment: [String: String] {
    var environment = ProcessInfo.processInfo.environment
    environment["PATH"] = "\(folder.path):\(environment["PATH"] ?? "/usr/bin:/bin"):/usr/sbin:/sbin"
    environment["LC_ALL"] = "C.UTF-8"
    environment["TZ"] = "UTC"
    environment["NO_COLOR"] = "1"
    environment["COLUMNS"] = "100"
    return environment
  }

  private static func text(of file: URL) throws -> String {
    String(decoding: try Data(contentsOf: file), as: UTF8.self)
  }

  private static func emptyFile(at url: URL) throws -> FileHandle {
    try Data().write(to: url)
    return try FileHandle(forWritingTo: url)
  }
}
