import Foundation
import TestSupport
import Testing

@Suite("scripts/compare-tshark")
struct CompareTsharkTests {
  private static let isRunnable = ["tshark", "editcap", "python3"].allSatisfy {
    FileManager.default.isExecutableFile(atPath: "/usr/bin/\($0)")
  }

  private static func compare(_ arguments: String...) async throws -> Outcome {
    let script = Checkout.root.appending(path: "scripts/compare-tshark").path
    // The program's own path follows the wrapper.
    return try await BuiltProgram.run(
      arguments, through: ["python3", script, "--halfopen"], directory: Checkout.root.path,
      timeout: .seconds(600))
  }

  @Test(
    "finds nothing unexplained in the stored captures and stories",
    .enabled(if: isRunnable, "skipped, because tshark, editcap or python3 is not here"))
  func storedCaptures() async throws {
    let result = try await Self.compare("captures")
    #expect(result.status == 0, "\(result.errors.suffix(2_000))")
    #expect(result.text.hasSuffix("\nunexplained: 0\n"), "\(result.text.suffix(2_000))")
    #expect(result.text.contains(" compared, "))
  }

  @Test(
    "notices one cell that is not as it should be, in every column",
    .enabled(if: isRunnable, "skipped, because tshark, editcap or python3 is not here"),
    arguments: [3, 6, 7, 15, 18])
  func tamperedTable(column: Int) async throws {
    let capture = "captures/ipv4-handshake.pcapng"
    let table = try await BuiltProgram.run(
      ["annotate", capture, "--format", "tshark-tsv"], directory: Checkout.root.path)
    var lines = table.text.split(separator: "\n").map { $0.components(separatedBy: "\t") }
    lines[1][column] = column == 6 ? "0.5" : "9"
    let scratch = try ScratchDirectory()
    let tampered = scratch.url.appending(path: "tampered.tsv")
    try lines.map { $0.joined(separator: "\t") + "\n" }.joined()
      .write(to: tampered, atomically: true, encoding: .utf8)
    let result = try await Self.compare("--ours", tampered.path, capture)
    #expect(result.status == 1, "\(result.errors)")
    #expect(result.text.hasSuffix("\nunexplained: 1\n"), "\(result.text)")
  }

  @Test(
    "writes the stories as they are stored",
    .enabled(if: isRunnable, "skipped, because tshark, editcap or python3 is not here"))
  func stories() throws {
    let scratch = try ScratchDirectory()
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/python3")
    process.arguments = [
      Checkout.root.appending(path: "scripts/make-stories").path, scratch.path,
    ]
    try process.run()
    process.waitUntilExit()
    let stored = Checkout.files(under: "captures/stories", endingIn: ".pcap")
    #expect(stored.count >= 13)
    for file in stored {
      let name = URL(filePath: file).lastPathComponent
      #expect(
        try Data(contentsOf: scratch.url.appending(path: name))
          == Data(contentsOf: Checkout.root.appending(path: file)), "\(name)")
    }
  }
}
