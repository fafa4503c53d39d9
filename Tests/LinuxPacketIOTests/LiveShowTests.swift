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
    "shows each segment on standard output, and writes a file only with -o",
    arguments: [false, true])
  func shows(writes: Bool) async throws {
    let scratch = try ScratchDirectory()
    let syn = try WrappedSegment.all()[0]
    let frames = syn.frames().map { VirtualCable.hex($0.frame) }.joined(separator: " ")
    let outcome = try await VirtualCable.run(
      ["capture", "-i", "right", "--show"] + (writes ? ["-o", scratch.path(of: "capture")] : []),
      while: "frame left \(frames); stop", in: scratch)
    #expect(outcome.status == 130, "\(outcome.errors)")
    let lines = outcome.text.split(separator: "\n")
    #expect(lines.count == syn.frames().count)
    for line in lines {
      #expect(line.contains("192.0.2.1:40000 > 192.0.2.2:80  SYN"))
    }
    #expect(outcome.errors.contains("capturing on right into ") == writes)
    let walk = CaptureFileWalk(scratch.data(of: "capture"))
    #expect(walk.packets == (writes ? lines.count : 0))
  }

  @Test("on standard output there is room for one thing")
  func both() async throws {
    let outcome = try await BuiltProgram.run(["capture", "-i", "lo", "--show", "-o", "-"])
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("--show"))
  }
}
