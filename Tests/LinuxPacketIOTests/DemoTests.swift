import Foundation
import LinuxPacketIO
import TestSupport
import Testing

@Suite("halfopen demo, when its folder is none")
struct DemoTests {
  @Test(
    "ends with the status of what is wrong, and one sentence that names the folder",
    .enabled(if: Capability.netRaw.isEffective, "skipped, because this process lacks CAP_NET_RAW"),
    arguments: [
      ("/dev/null", 2, "a file has that name"), ("/dev/null/captures", 2, "Not a directory"),
      ("/proc/captures", 2, "no such directory"),
    ] as [(String, Int32, String)])
  func folders(path: String, status: Int32, words: String) async throws {
    let outcome = try await BuiltProgram.run(["demo", "-o", path])
    #expect(outcome.status == status)
    #expect(outcome.errors.hasPrefix("halfopen: cannot make the folder \(path): "))
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
    #expect(outcome.errors.count { $0.isNewline } == 1)
  }
}
