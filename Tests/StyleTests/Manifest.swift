import TestSupport

/// Package.swift's targets, as they stand there.
struct Manifest {
  enum Kind {
    case library
    case executable
    case systemLibrary
    case test
  }

  struct Target {
    var name: String
    var kind: Kind
    /// The package's own targets and the products of others that it names, in its order.
    var dependencies: [String]
  }

  var targets: [Target]

  /// The targets that may touch the world, and those of the tests that hold no test.
  static let impureTargets: Set<String> = [
    "CLinuxPacketIO", "CPcap", "CZlib", "CZstd", "LinuxPacketIO", "PackedFiles", "LiveResponder",
    "KernelLab", "StampService", "DatagramDemos", "halfopen", "TestSupport", "FuzzChecks",
  ]

  static func read() throws -> Self { Self(try Checkout.text(of: "Package.swift")) }

  /// Reads the text of a manifest; no package tool can be asked from within a test, since the tool
  /// that runs the test holds the package's lock.
  init(_ text: String) {
    let calls: [(String, Kind)] = [
      (".target(", .library), (".executableTarget(", .executable),
      (".systemLibrary(", .systemLibrary), (".testTarget(", .test),
    ]
    let found = calls.flatMap { call, kind in
      text.ranges(of: call).map { (start: $0.upperBound, kind: kind) }
    }
    targets = found.sorted { $0.start < $1.start }.compactMap { start, kind in
      let arguments = Self.text(in: text[start...], opening: "(", closing: ")")
      guard let name = Self.quoted(after: "name:", in: arguments) else { return nil }
      return Target(name: name, kind: kind, dependencies: Self.dependencies(in: arguments))
    }
  }

  private static func dependencies(in arguments: Substring) -> [String] {
    guard let label = arguments.firstRange(of: "dependencies: [") else { return [] }
    let list = text(in: arguments[label.upperBound...], opening: "[", closing: "]")
    let words = list.split(separator: "\"", omittingEmptySubsequences: false)
    return words.indices.filter { $0 % 2 == 1 && !words[$0 - 1].hasSuffix("package: ") }
      .map { String(words[$0]) }
  }

  /// The front of `text`, up to the bracket that closes one opened before it.
  private static func text(
    in text: Substring, opening: Character, closing: Character
  ) -> Substring {
    var depth = 1
    let end = text.firstIndex { character in
      if character == opening { depth += 1 }
      if character == closing { depth -= 1 }
      return depth == 0
    }
    return text[..<(end ?? text.endIndex)]
  }

  private static func quoted(after label: String, in text: Substring) -> String? {
    guard let range = text.firstRange(of: label) else { return nil }
    let words = text[range.upperBound...].split(separator: "\"", maxSplits: 2)
    return words.count > 1 ? String(words[1]) : nil
  }
}
