import Foundation
import TestSupport
import Testing

@Suite("The stored captures")
struct CaptureRuns {
  /// All but the file that `halfopen demo` leaves there, which is another one each time.
  static let captures = Checkout.files(under: "captures", endingIn: ".pcapng")
    .filter { !$0.hasSuffix("/demo.pcapng") }

  @Test("are found, each with what is said of it")
  func capturesAreFound() {
    #expect(Self.captures.count >= 4)
    #expect(Checkout.contains("captures/README.md"))
    for capture in Self.captures {
      #expect(Checkout.contains(Self.expectation(of: capture)), "\(capture)")
    }
  }

  @Test("are annotated as NAME.expected.txt says", arguments: captures)
  func annotationIsAsStored(capture: String) async throws {
    let result = try await BuiltProgram.run(
      ["annotate", capture, "--format", "text"], directory: Checkout.root.path)
    #expect(result.status == 0, "\(result.errors)")
    let stored = try Checkout.text(of: Self.expectation(of: capture))
    let alignment = Alignment(expected: lines(of: stored), lines: lines(of: result.text))
    #expect(result.text == stored, "\(capture)\n\(alignment.description)")
  }

  private static func expectation(of capture: String) -> String {
    String(capture.dropLast(".pcapng".count)) + ".expected.txt"
  }

  private func lines(of text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }
}
