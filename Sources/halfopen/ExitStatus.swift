/// What a run of the program tells its caller; the table of the README.
enum ExitStatus: Int32 {
  /// Done.
  case success = 0
  /// It ran, and an expectation failed.
  case expectationFailed = 1
  /// The command line or the scenario file is wrong.
  case usage = 2
  /// The input is damaged; its readable part was processed.
  case damagedInput = 3
  /// A permission is missing.
  case permission = 4
  /// A guard rail refused.
  case refused = 5
  /// Disk, descriptors or memory ran out.
  case resources = 6
  /// The machine lacks a feature.
  case unsupported = 7
  /// Stopped cleanly by SIGINT.
  case interrupted = 130
  /// Stopped cleanly by SIGTERM.
  case terminated = 143
}

/// Ends the program with a status and one sentence that names what went wrong and where.
struct Failure: Error, CustomStringConvertible {
  let status: ExitStatus
  let description: String

  init(_ status: ExitStatus, _ sentence: String) {
    self.status = status
    description = sentence
  }
}
