import LinuxPacketIO
import TestSupport
import Testing

@Suite(
  "halfopen capture with filters for any encapsulation",
  .enabled(
    if: VirtualCable.isPossible,
    "skipped, because this process lacks CAP_SYS_ADMIN, CAP_NET_ADMIN or CAP_NET_RAW"))
struct SegmentFilterVerbTests {
  @Test(
    "captures the SYNs behind all headers and nothing else, cut as asked for",
    arguments: [
      ["-i", "right"], ["-i", "right", "--backend", "pcap"], ["-i", "any", "inbound"],
    ])
  func syn(arguments: [String]) async throws {
    let segments = try WrappedSegment.all().filter { $0.name.hasPrefix("IPv") }
    let wanted = segments.filter { $0.name.contains("SYN") && !$0.name.contains("443") }
    let frames = segments.flatMap { $0.frames().map { VirtualCable.hex($0.frame) } }
    let scratch = try ScratchDirectory()
    let outcome = try await VirtualCable.run(
      ["capture", "-o", scratch.path(of: "capture"), "--format", "pcap", "--snaplen", "40"]
        + ["--syn", "--port", "80", "--port", "81"] + arguments,
      while: "frame left \(frames.joined(separator: " ")); stop", in: scratch)
    #expect(outcome.status == 130, "\(outcome.errors)")
    let walk = CaptureFileWalk(scratch.data(of: "capture"))
    #expect(walk.packets == wanted.count * wanted[0].frames().count)
    #expect(walk.frames.allSatisfy { $0.count == 40 })
  }

  @Test(
    "an address or a port that is none: status 2 and the word",
    arguments: [["--host", "example"], ["--port", "65536"], ["--port", "http"]])
  func wrong(arguments: [String]) async throws {
    let outcome = try await BuiltProgram.run(["capture", "-i", "lo"] + arguments)
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains(arguments[1]))
  }
}
