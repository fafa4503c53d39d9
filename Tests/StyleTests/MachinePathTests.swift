import TestSupport
import Testing

@Suite("No file of the project")
struct MachinePathTests {
  static let files =
    ["Sources", "Tests", "Benchmarks", "notebooks-md", "captures", "scripts", ".ci"]
    .flatMap {
      Checkout.files(
        under: $0, endingIn: ".swift", ".h", ".modulemap", ".md", ".txt", ".yaml", ".csv", ".c",
        "run",
        "bench", "ensure-packages", "mutants", "record-captures", "compare-tshark", "make-stories",
        ".py", ".patch")
    } + ["Package.swift", "Makefile", "README.md"].filter(Checkout.contains)

  @Test("escapes these tests")
  func filesAreFound() {
    for file in ["Package.swift", "Makefile", ".ci/run", "scripts/ensure-packages"] {
      #expect(Self.files.contains(file), "\(file)")
    }
    #expect(Self.files.count >= 20)
  }

  @Test("names a folder of the machine it was written on", arguments: files)
  func namesNoMachinePath(file: String) throws {
    let text = try Checkout.text(of: file)
    // Written in two parts, so that this file may be read by its own test.
    for folder in ["/" + "root/", "/" + "home/", "/" + "work/", "/" + "tmp/wt-"] {
      #expect(!text.contains(folder), "\(file): \(folder)")
    }
  }
}
