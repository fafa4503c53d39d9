public import Foundation

/// The files of this checkout, for tests that read them.
public enum Checkout {
  /// The folder that holds Package.swift.
  public static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The paths, from the root, of all files under `folder` whose names end in one of `endings`, in
  /// the order of their names; empty when there is no such folder.
  public static func files(under folder: String, endingIn endings: String...) -> [String] {
    let found = FileManager.default.enumerator(atPath: root.appending(path: folder).path)
    return (found?.allObjects ?? [])
      .compactMap { $0 as? String }
      .filter { name in endings.contains { name.hasSuffix($0) } }
      .filter { !$0.hasPrefix(".build/") && !$0.contains("/.build/") }
      .map { "\(folder)/\($0)" }
      .sorted()
  }

  /// The text of the file at `path` from the root.
  ///
  /// - Throws: Foundation's error when it cannot be read, or is not UTF-8.
  public static func text(of path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  /// Tells whether there is a file or a folder at `path` from the root.
  public static func contains(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: root.appending(path: path).path)
  }
}
