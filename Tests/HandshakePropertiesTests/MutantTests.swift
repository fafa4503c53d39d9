import Foundation
import HandshakeProperties
import TestSupport
import Testing

/// The patches of Tests/Mutants; that each is caught is for `make mutants` to show, which takes
/// minutes, and that each can still be tried is for these tests.
@Suite("A mutant of the model")
struct MutantTests {
  static let patches = Checkout.files(under: "Tests/Mutants", endingIn: ".patch")

  /// The targets that a patch may break: the model, and nothing of its properties.
  private static let model = [
    "Wire", "Determinism", "SynCookies", "Handshake", "FlowControl", "FloodSimulation", "Probe",
  ]

  @Test("exists for every property", arguments: Property.all)
  func everyPropertyIsShownToFail(property: Property) {
    let names = Self.patches.filter { $0.hasPrefix("Tests/Mutants/\(property.name)-") }
    #expect(!names.isEmpty, "no patch shows that \(property.name) can fail: \(property.title)")
  }

  @Test("is named after a property, says in a sentence what it breaks, and breaks only the model")
  func patchesAreWhatTheySay() throws {
    #expect(Self.patches.count >= Property.all.count)
    for patch in Self.patches {
      let name = patch.dropFirst("Tests/Mutants/".count).prefix { $0 != "-" }
      #expect(Property.all.contains { $0.name == name }, "\(patch)")
      let text = try Checkout.text(of: patch)
      let parts = text.split(separator: "\n\n", maxSplits: 1)
      #expect(parts.count == 2 && parts[0].hasSuffix(".") && !parts[0].hasPrefix("---"), "\(patch)")
      let changed = text.split(separator: "\n").filter {
        $0.hasPrefix("--- ") || $0.hasPrefix("+++ ")
      }
      #expect(!changed.isEmpty, "\(patch)")
      for line in changed {
        let target = line.split(separator: "/").dropFirst(2).first.map(String.init) ?? ""
        #expect(line.contains("/Sources/") && Self.model.contains(target), "\(patch): \(line)")
      }
    }
  }

  @Test("still applies to the sources as they are", arguments: patches)
  func patchApplies(patch: String) async throws {
    let (status, words) = try await apply(Checkout.root.appending(path: patch))
    #expect(status == 0, "\(patch): \(words)")
  }

  @Test("that does not apply is noticed")
  func staleMutantsAreNoticed() async throws {
    let scratch = try ScratchDirectory()
    let stale = scratch.url.appending(path: "stale.patch")
    let text = try Checkout.text(of: try #require(Self.patches.first))
    // A line of context that no longer stands in the file.
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let place = try #require(lines.lastIndex { $0.hasPrefix(" ") })
    var changed = lines
    changed[place] += " that was there once"
    try Data(changed.joined(separator: "\n").utf8).write(to: stale)
    #expect(try await apply(stale).status != 0)
  }

  /// Asks git whether a patch would apply.
  private func apply(_ patch: URL) async throws -> (status: Int32, words: String) {
    let scratch = try ScratchDirectory()
    let file = scratch.url.appending(path: "errors")
    try Data().write(to: file)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["git", "apply", "--check", patch.path]
    process.currentDirectoryURL = Checkout.root
    process.standardOutput = FileHandle.nullDevice
    process.standardError = try FileHandle(forWritingTo: file)
    try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
      process.terminationHandler = { _ in done.resume() }
      do { try process.run() } catch { done.resume(throwing: error) }
    }
    return (process.terminationStatus, scratch.text(of: "errors"))
  }
}
