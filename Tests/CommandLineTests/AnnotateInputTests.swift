import TestSupport
import Testing

@Suite("What halfopen annotate is given to read")
struct AnnotateInputTests {
  @Test(
    "ends with the right status and one sentence that names it, when it is no capture",
    arguments: [
      ("/", 2, "it is a directory"), ("/no/such/file", 2, "No such file or directory"),
      ("/proc/self/mem", 6, "Input/output error"), ("/dev/null", 3, "the file is empty"),
      ("/proc/self/exe", 3, "not a capture file: it begins with 7f 45 4c 46"),
    ] as [(String, Int32, String)])
  func isNamed(path: String, status: Int32, words: String) async throws {
    let outcome = try await BuiltProgram.run(["annotate", path])
    #expect(outcome.status == status)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.contains(path) && outcome.errors.contains(words), "\(outcome.errors)")
    #expect(outcome.errors.count { $0.isNewline } == 1)
  }
}
