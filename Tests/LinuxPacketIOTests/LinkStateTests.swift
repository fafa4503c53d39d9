import Foundation
import LinuxPacketIO
import TestSupport
import Testing

@Suite(
  "A capture of an interface that goes down, up and away",
  .enabled(
    if: VirtualCable.isPossible,
    "skipped, because this process lacks CAP_SYS_ADMIN, CAP_NET_ADMIN or CAP_NET_RAW"))
struct LinkStateTests {
  private let frame = "0200000000020200000000010800" + String(repeating: "00", count: 46)

  @Test("goes on over down and up, and says so once each")
  func downAndUp() async throws {
    let scratch = try ScratchDirectory()
    let outcome = try await capture(
      into: scratch,
      while: """
        frame left \(frame)
        ip link set right down; said "right is down"
        ip link set right up; said "right is up again"
        frame left \(frame) \(frame)
        stop
        """)
    #expect(outcome.status == 130, "\(outcome.errors)")
    let walk = CaptureFileWalk(scratch.data(of: "capture"))
    #expect(walk.isComplete)
    #expect(walk.packets == 3)
    #expect(walk.statistics == 1)
    #expect(outcome.errors.contains("3 packets captured, 3 received"))
    #expect(outcome.errors.ranges(of: "right is down").count == 1)
    #expect(outcome.errors.ranges(of: "right is up").count == 1)
  }

  @Test("ends with status 6, a sentence and all that came when the interface is removed")
  func removed() async throws {
    let scratch = try ScratchDirectory()
    let outcome = try await capture(
      into: scratch, while: "frame left \(frame) \(frame) \(frame); ip link delete left")
    #expect(outcome.status == 6)
    #expect(outcome.errors.contains("the interface right has been removed"))
    #expect(outcome.errors.contains("3 packets captured, 3 received"))
    let walk = CaptureFileWalk(scratch.data(of: "capture"))
    #expect(walk.isComplete)
    #expect(walk.packets == 3)
    #expect(walk.statistics == 1)
  }

  private func capture(
    into scratch: ScratchDirectory, while steps: String
  ) async throws -> Outcome {
    // Nothing else is sent on the cable but what a kernel says when a link comes up.
    try await VirtualCable.run(
      ["capture", "-i", "right", "-o", scratch.path(of: "capture"), "ip"], while: steps,
      in: scratch)
  }
}
