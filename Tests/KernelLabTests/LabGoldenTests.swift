import Foundation
import KernelLab
import TestSupport
import Testing

@Suite(
  "lab golden: the measured tables, replayed on this kernel",
  .enabled(if: LabMachine.makesLabs, "skipped, because this machine forbids namespaces"))
struct LabGoldenTests {
  @Test(
    "kernel, model and the tables' figures agree, in the form that takes a minute",
    .enabled(if: LabMachine.hasNft, "skipped, because nft(8) is not here"),
    .timeLimit(.minutes(10)))
  func tablesAgree() async throws {
    // A machine that is busy with all other tests may be late once; a kernel that answers otherwise
    // does so each time.
    var run = try await BuiltProgram.run(["lab", "golden"], timeout: .seconds(240))
    if run.status == 1 {
      run = try await BuiltProgram.run(["lab", "golden"], timeout: .seconds(240))
    }
    #expect(run.status == 0, "\(run.text)\(run.errors)")
    let figures = run.text.split(separator: "\n").count { $0.hasSuffix("  agree") }
    #expect(run.text.hasSuffix("all \(figures) figures agree.\n"))
    #expect(figures >= 45)
  }

  @Test("one table as JSON")
  func oneTable() async throws {
    let run = try await BuiltProgram.run(
      ["lab", "golden", "--table", "capacity", "--format", "json"] + (LabMachine.ways.last ?? []))
    #expect(run.status == 0, "\(run.text)\(run.errors)")
    #expect(run.text.hasPrefix("{\"schema\":\"halfopen.lab-golden/1\","))
    #expect(run.text.ranges(of: "\"table\":\"capacity\"").count == 28)
  }

  @Test(
    "a kernel that answers differently parts from the table, and from the model where it is alone")
  func disagreementIsTold() {
    let row = GoldenRow(
      .capacity, "backlog 16", figure: 17...17, kernel: 16...16, model: 17, tolerance: 0)
    #expect(!row.kernelAgrees && row.modelAgrees && !row.agrees)
    let share = GoldenRow(
      .firstSyn, "no figure", figure: nil, kernel: 0.20...0.20, model: 0.18, tolerance: 0.015)
    #expect(!share.agrees)
    let seen = GoldenRow(
      .lifetime, "seen between two looks", figure: 1.00...1.04, kernel: 0.90...1.10, model: 1.01,
      tolerance: 0.04)
    #expect(seen.agrees)
  }
}
