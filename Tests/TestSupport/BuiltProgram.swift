public import Foundation

/// The program that the build made, run as its users run it: a child process with arguments, input,
/// output and an exit status.
///
/// A test target that uses it names "halfopen" among its dependencies, so that the program is built
/// first. Output goes through files, not pipes, so that no amount of it can block the child.
public final class BuiltProgram: Sendable {
  /// Where the program lies: beside the test bundle.
  public static var path: String {
    let bundle = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return URL(filePath: bundle ?? "").deletingLastPathComponent().appending(path: "halfopen").path
  }

  /// The identifier of the child process.
  public let processIdentifier: Int32

  private let scratch: ScratchDirectory
  private let ending: Task<Outcome.Ending, Never>

  /// Starts the program, and returns while it runs.
  ///
  /// - Parameters:
  ///   - arguments: What follows the program's name.
  ///   - input: What it finds on standard input, before the end of it.
  ///   - wrapper: Words to put before the program, such as `["unshare", "-n"]`.
  ///   - environment: Variables to set or replace in the test's own.
  ///   - directory: The working directory; by default one that is removed with this value.
  ///   - timeout: When to kill a child that does not end.
  /// - Throws: What Foundation throws when the child cannot be started.
  public init(
    _ arguments: [String], input: String = "", through wrapper: [String] = [],
    environment: [String: String] = [:], directory: String? = nil,
    timeout: Duration = .seconds(60)
  ) throws {
    scratch = try ScratchDirectory()
    try Data(input.utf8).write(to: scratch.url.appending(path: "input"))
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = wrapper + [Self.path] + arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.currentDirectoryURL = URL(filePath: directory ?? scratch.path)
    let files = [
      try FileHandle(forReadingFrom: scratch.url.appending(path: "input")),
      try scratch.newFile("output"), try scratch.newFile("errors"),
    ]
    process.standardInput = files[0]
    process.standardOutput = files[1]
    process.standardError = files[2]
    let (endings, report) = AsyncStream.makeStream(of: Outcome.Ending.self)
    process.terminationHandler = { ended in
      report.yield(
        ended.terminationReason == .exit
          ? .exited(ended.terminationStatus) : .killed(signal: ended.terminationStatus))
      report.finish()
    }
    try process.run()
    // The child has its own by now. Foundation keeps ours for as long as it likes, and fails to
    // start any process once there are some 1,350.
    for file in files { try? file.close() }
    processIdentifier = process.processIdentifier
    let identifier = process.processIdentifier
    ending = Task {
      let watchdog = Task {
        try await Task.sleep(for: timeout)
        _ = kill(identifier, SIGKILL)
      }
      defer { watchdog.cancel() }
      for await ending in endings { return ending }
      return .killed(signal: 0)
    }
  }

  /// Starts the program and waits until it ends; the parameters are those of the initializer.
  public static func run(
    _ arguments: [String], input: String = "", through wrapper: [String] = [],
    environment: [String: String] = [:], directory: String? = nil,
    timeout: Duration = .seconds(60)
  ) async throws -> Outcome {
    try await BuiltProgram(
      arguments, input: input, through: wrapper, environment: environment, directory: directory,
      timeout: timeout
    ).outcome()
  }

  /// Sends a signal to the child.
  public func send(_ signal: Int32) {
    _ = kill(processIdentifier, signal)
  }

  /// What the child has written to standard error so far.
  public var errorsSoFar: String { scratch.text(of: "errors") }

  /// What the child has written to standard output so far.
  public var outputSoFar: String { scratch.text(of: "output") }

  /// Waits until the child has written `text` to standard error; false when it ended without, or
  /// ten seconds have passed.
  public func hasWritten(_ text: String) async throws -> Bool {
    for _ in 0..<1_000 {
      if errorsSoFar.contains(text) { return true }
      try await Task.sleep(for: .milliseconds(10))
    }
    return false
  }

  /// Waits until the child ends, and tells how.
  public func outcome() async -> Outcome {
    let ending = await ending.value
    return Outcome(
      ending: ending, output: scratch.data(of: "output"), errors: scratch.text(of: "errors"))
  }
}

/// What a run of the program left behind.
public struct Outcome: Sendable {
  /// How a child process can end.
  public enum Ending: Equatable, Sendable {
    /// It ended by itself, with this status.
    case exited(Int32)
    /// A signal ended it; SIGKILL also stands for a run beyond its timeout.
    case killed(signal: Int32)
  }

  /// How it ended.
  public let ending: Ending
  /// The octets of standard output.
  public let output: Data
  /// The text of standard error.
  public let errors: String

  /// The exit status, as a shell tells it: 128 and the signal for a child that was killed.
  public var status: Int32 {
    switch ending {
    case .exited(let status): status
    case .killed(let signal): 128 + signal
    }
  }

  /// Standard output as text.
  public var text: String { String(decoding: output, as: UTF8.self) }
}

/// A directory of its own under the machine's temporary one, removed with the value.
public final class ScratchDirectory: Sendable {
  /// Where it is.
  public let url: URL

  /// Creates an empty directory.
  ///
  /// - Throws: What Foundation throws when it cannot be created.
  public init() throws {
    url = FileManager.default.temporaryDirectory
      .appending(path: "halfopen-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// The path of the directory.
  public var path: String { url.path }

  /// The path of a file in it, whether it exists or not.
  public func path(of name: String) -> String { url.appending(path: name).path }

  /// The octets of a file in it; none when it cannot be read.
  public func data(of name: String) -> Data {
    (try? Data(contentsOf: url.appending(path: name))) ?? Data()
  }

  /// The text of a file in it; none when it cannot be read.
  public func text(of name: String) -> String { String(decoding: data(of: name), as: UTF8.self) }

  fileprivate func newFile(_ name: String) throws -> FileHandle {
    try Data().write(to: url.appending(path: name))
    return try FileHandle(forWritingTo: url.appending(path: name))
  }
}
