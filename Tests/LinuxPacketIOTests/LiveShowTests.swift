import LinuxPacketIO
import TestSupport
import Testing

@Suite(
  "halfopen capture --show",
  .enabled(
    if: VirtualCable.isPossible,
    "skipped, because this process lacks CAP_SYS_ADMIN, CAP_NET_ADMIN or CAP_NET_RAW"))
struct LiveShowTests {
  @Test(
    "draws each segment on standard output, and writes a file only with -o",
    arguments: [false, true])
  func shows(writes: Bool) async throws {
    let scratch = try ScratchDirectory()
    let syn = try WrappedSegment.all()[0]
    let frames = syn.frames().map { VirtualCable.hex($0.frame) }.joined(separator: " ")
    let outcome = try await VirtualCable.run(
      ["capture", "-i", "right", "--show"] + (writes ? ["-o", scratch.path(of: "capture")] : []),
      while: "frame left \(frames); stop", in: scratch)
    #expect(outcome.status == 130, "\(outcome.errors)")
    let count = syn.frames().count
    let lines = outcome.text.split(separator: "\n")
    #expect(lines.count { $0.hasPrefix("flow 0  192.0.2.1:40000 (client)") } == 2)
    for number in 1...count {
      // The second and later ones are the first captured again, and drawn so.
      let arrow = number == 1 ? "│── SYN ──" : "│╌╌ SYN ╌╌"
      let row = lines.firstIndex { $0.contains("frame \(number) ") }
      #expect(row.map { lines[$0 - 1].contains(arrow) } == true, "frame \(number)")
    }
    #expect(lines.contains { $0.contains("192.0.2.2:80 (server)  no answer to the SYN (likely") })
    #expect(outcome.errors.contains("capturing on right into ") == writes)
    let walk = CaptureFileWalk(scratch.data(of: "capture"))
    #expect(walk.packets == (writes ? count : 0))
  }

  @Test("on standard output there is room for one thing")
  func both() async throws {
    let outcome = try await BuiltProgram.run(["capture", "-i", "lo", "--show", "-o", "-"])
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("--show"))
  }
}
