import Foundation
import LinuxPacketIO
import TestSupport
import Testing

@Suite("The matrix of listeners that are known, and what a probe takes them for")
struct MatrixTests {
  @Test(
    "is right in every cell, once each",
    .enabled(if: Self.isPossible, "skipped, because nft, ethtool, python3 or root is not here"))
  func everyCellIsRight() async throws {
    let matrix = try await run(["--runs", "1", "--jobs", "6"])
    #expect(matrix.status == 0, "\(matrix.text)\(matrix.errors)")
    #expect(matrix.text.contains("28 of 28 verdicts right"), "\(matrix.text)")
  }

  @Test(
    "floods nothing but a lab",
    .enabled(if: Self.isPossible, "skipped, because nft, ethtool, python3 or root is not here"))
  func floodStaysInLabs() async throws {
    // Outside, and in the namespace that a lab is said to be started from.
    for words in [
      ["env"], ["sh", "-c", "HALFOPEN_LAB_OUTSIDE=$(stat -Lc %i /proc/self/ns/net) \"$@\"", "sh"],
    ] {
      let outcome = try await run(["--flood"], through: words)
      #expect(outcome.status == 1, "\(words): \(outcome.text)")
      #expect(outcome.errors.contains("a flood is for labs only"))
    }
  }

  private func run(_ arguments: [String], through words: [String] = []) async throws -> Outcome {
    // The script takes the program as its first argument.
    try await BuiltProgram.run(
      arguments, through: words + [Checkout.root.appending(path: "scripts/probe-matrix").path],
      timeout: .seconds(300))
  }

  private static let isPossible =
    Capability.sysAdmin.isEffective
    && ["nft", "ethtool", "python3"].allSatisfy { tool in
      ["/usr/sbin/", "/sbin/", "/usr/bin/"].contains {
        FileManager.default.isExecutableFile(atPath: $0 + tool)
      }
    }
}
