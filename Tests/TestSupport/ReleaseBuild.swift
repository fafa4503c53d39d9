import Foundation

/// The program as the release build made it, when these tests run in a debug build.
public enum ReleaseBuild {
  /// Beside the build under test; what is under test itself when that is the release build.
  public static let path: String = URL(filePath: BuiltProgram.path)
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "release/halfopen").path

  /// Whether it is there.
  public static let exists = FileManager.default.isExecutableFile(atPath: path)

  /// Where nothing may be skipped, a missing build must fail, not skip.
  public static let isDemanded =
    ProcessInfo.processInfo.environment["CI"].map { !$0.isEmpty } ?? false

  /// Runs it with `arguments`, as ``BuiltProgram`` runs the other.
  public static func run(
    _ arguments: [String], timeout: Duration = .seconds(60)
  ) async throws -> Outcome {
    // The shell drops the program of this build, which comes first, and runs the other instead.
    let swap = ["sh", "-c", "shift; exec \"$@\"", "sh"]
    return try await BuiltProgram.run([path] + arguments, through: swap, timeout: timeout)
  }
}
