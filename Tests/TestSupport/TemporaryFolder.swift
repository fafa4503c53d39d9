public import Foundation

/// A folder that is gone when its user is done.
public enum TemporaryFolder {
  /// Makes an empty folder, hands it to `body`, and removes it with all that it then holds.
  ///
  /// - Throws: What `body` throws, or Foundation's error when no folder can be made.
  public static func use<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "halfopen-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
  }
}
