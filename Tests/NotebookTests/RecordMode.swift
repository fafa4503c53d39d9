import Foundation

/// Whether the tests compare with what is stored, or store what they see.
enum RecordMode {
  /// True under `HALFOPEN_RECORD=notebooks`, as `make notebooks` sets it.
  static let isOn = ProcessInfo.processInfo.environment["HALFOPEN_RECORD"] == "notebooks"
}
