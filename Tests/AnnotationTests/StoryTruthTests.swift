import Annotation
import CaptureFiles
import Determinism
import Foundation
import Testing

/// The truth of one of the story captures, in our words.
struct StoryTruth: Sendable, CustomTestStringConvertible {
  var name: String
  var verdicts: [FlowVerdict]
  /// Octets that the first flow's facts must say, each somewhere.
  var says: [String] = []
  /// Octets that they must not say.
  var silent: [String] = []
  /// Round-trip time to the server and to the client, in microseconds.
  var halves: (server: Int64, client: Int64)?
  /// From the first SYN to the ACK, in microseconds.
  var connect: Int64?
  /// Both ends' states in the end.
  var ends: String?

  var testDescription: String { name }

  static let told: [Self] = [
    Self(
      name: "normal", verdicts: [.established], halves: (10_000, 2_000), connect: 12_000,
      ends: "TIME-WAIT CLOSED"),
    Self(
      name: "refused", verdicts: [.refused], says: ["the reset came after 10.000 ms"],
      silent: ["RTT"], ends: "CLOSED CLOSED"),
    Self(
      name: "filtered", verdicts: [.unanswered], says: ["4 SYNs", "1.0, 2.0, 4.0 s", "next in"],
      silent: ["RTT"], ends: "SYN-SENT ?"),
    Self(
      name: "icmp-prohibited", verdicts: [.refusedByICMP],
      says: ["198.51.100.1", "prohibited", "5.000 ms after the SYN of frame 1"],
      ends: "SYN-SENT ?"),
    Self(
      name: "half-open", verdicts: [.halfOpen],
      says: ["3 SYN-ACKs: sent again after 1.0, 2.0 s", "10.000 ms server side"],
      ends: "? SYN-RECEIVED"),
    Self(
      name: "accept-queue-drop", verdicts: [.acknowledgmentNotTaken],
      says: ["accept queue full, or TCP_DEFER_ACCEPT", "frames 7, 10"],
      halves: (10_000, 2_000), ends: "ESTABLISHED SYN-RECEIVED"),
    Self(
      name: "simultaneous-open", verdicts: [.simultaneousOpen], silent: ["RTT"],
      connect: nil, ends: "ESTABLISHED ESTABLISHED"),
    Self(
      name: "fast-open", verdicts: [.establishedFastOpen], says: ["all 10 octets taken"],
      halves: (10_000, 2_000)),
    Self(
      name: "fast-open-ignored", verdicts: [.establishedWithData], says: ["10 octets ignored"],
      halves: (10_000, 2_000)),
    Self(name: "ack-with-data", verdicts: [.establishedWithData], halves: (10_000, 2_000)),
    Self(
      name: "synack-other-isn", verdicts: [.established],
      says: ["another initial sequence number", "frame 4 acknowledged the one of frame 2"],
      connect: 502_000),
    Self(
      name: "port-reuse", verdicts: [.established, .established], says: ["reset by the client"],
      halves: (10_000, 2_000)),
    Self(
      name: "challenge-ack", verdicts: [.established],
      says: ["challenge ACK of an older connection (frame 2)", "reset ended (frame 3)", "2 SYNs"],
      halves: (10_000, 2_000), connect: 1_012_000),
    Self(
      name: "no-syn", verdicts: [.established], says: ["the capture began late"],
      silent: ["server side"]),
    Self(
      name: "midstream", verdicts: [.capturedLate], says: ["already established"],
      silent: ["RTT"], ends: "ESTABLISHED ESTABLISHED"),
    Self(
      name: "syn-scan", verdicts: [.synAckReset], says: ["a scan, or"], ends: "CLOSED LISTEN"),
    Self(
      name: "duplicated", verdicts: [.established],
      says: ["3 frames captured twice, not sent twice (frames 2, 4, 6)"],
      silent: ["2 SYN", "sent again after"], halves: (10_000, 2_000), connect: 12_000),
    Self(
      name: "reordered", verdicts: [.established], says: ["behind a later packet in the file"],
      halves: (10_000, 2_000), connect: 12_000),
    Self(
      name: "syn-lost", verdicts: [.established], says: ["2 SYNs", "by the timestamps"],
      silent: ["next in"],
      halves: (10_000, 2_000), connect: 1_012_000),
    Self(
      name: "synack-slow", verdicts: [.established], says: ["by the timestamps"],
      halves: (1_005_000, 2_000), connect: 1_007_000),
    Self(
      name: "bad-checksum", verdicts: [.established], says: ["wrong checksum (frame 1)"],
      silent: ["2 SYNs"], halves: (10_000, 2_000), connect: 12_000),
    Self(
      name: "ecn", verdicts: [.established], says: ["; ECN"], silent: ["given up"],
      halves: (10_000, 2_000)),
    Self(
      name: "ecn-fallback", verdicts: [.established], says: ["ECN given up when unanswered"],
      halves: (10_000, 2_000), connect: 3_012_000),
    Self(
      name: "split", verdicts: [.splitHandshake], silent: ["RTT"], connect: 23_000,
      ends: "ESTABLISHED ESTABLISHED"),
    Self(
      name: "rst-forged", verdicts: [.established],
      says: ["reset outside the window, which ends nothing (frame 4)"],
      silent: ["reset by"], halves: (10_000, 2_000), ends: "ESTABLISHED ESTABLISHED"),
    Self(name: "half-open-wrap", verdicts: [.established], halves: (10_000, 2_000)),
    Self(
      name: "fmt-snap58", verdicts: [.established], silent: ["agreed"], halves: (10_000, 2_000)),
    Self(
      name: "fmt-snap40", verdicts: [.established], says: ["guess", "header cut"],
      halves: (10_000, 2_000)),
    Self(name: "fmt-ng-spb.pcapng", verdicts: [.established], silent: ["RTT"]),
  ]
}

@Suite("Stories with a known truth")
struct StoryTruthTests {
  /// Writes the stories, and reads their truths' names.
  private static func withStories(_ body: (URL, [String]) throws -> Void) throws {
    let stories = FileManager.default.temporaryDirectory
      .appending(path: "halfopen-truth-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: stories) }
    let generator = TsharkOracle.directory.appending(path: "gen_probe_pcaps.py").path
    _ = try TsharkOracle.run("/usr/bin/python3", [generator, stories.path])
    let table = try String(
      contentsOf: stories.appending(path: "truth.tsv"), encoding: .utf8)
    let names = table.split(separator: "\n").map { String($0.prefix { $0 != "\t" }) }
    try body(stories, names)
  }

  private static func annotated(_ name: String, in folder: URL) throws -> AnnotatedCapture {
    let file = name.contains(".") ? name : name + ".pcap"
    let octets = Array(try Data(contentsOf: folder.appending(path: file)))
    return AnnotatedCapture(annotating: CaptureContents(reading: octets).packets)
  }

  @Test(
    "every story is told right",
    .enabled(
      if: TsharkOracle.isHere,
      "skipped, because ../shared/oracles, tshark, python3 or awk is not here"))
  func stories() throws {
    try Self.withStories { folder, names in
      let known = Dictionary(uniqueKeysWithValues: StoryTruth.told.map { ($0.name, $0) })
      #expect(Set(known.keys).isSubset(of: Set(names)))
      for name in names {
        // Every other story is the plain handshake in another wrapping.
        let truth =
          known[name]
          ?? StoryTruth(
            name: name, verdicts: [.established], halves: (10_000, 2_000), connect: 12_000)
        check(try Self.annotated(name, in: folder), against: truth)
      }
    }
  }

  private func check(_ capture: AnnotatedCapture, against truth: StoryTruth) {
    #expect(capture.verdicts == truth.verdicts, "\(truth.name)")
    let said = capture.lines().split(separator: "\n").first { $0.hasPrefix("flow 0") } ?? ""
    for words in truth.says { #expect(said.contains(words), "\(truth.name): \(words) in \(said)") }
    for words in truth.silent {
      #expect(!said.contains(words), "\(truth.name): \(words) in \(said)")
    }
    let timing = capture.flows.last?.timing
    if let halves = truth.halves {
      #expect(
        timing?.serverSide?.length == .microseconds(halves.server)
          && timing?.clientSide?.length == .microseconds(halves.client), "\(truth.name)")
    }
    if let connect = truth.connect {
      #expect(timing?.connect == .microseconds(connect), "\(truth.name)")
    }
    if let ends = truth.ends { #expect(capture.statesAfter.last == ends, "\(truth.name)") }
    for flow in capture.flows {
      #expect(!flow.evidence.isEmpty && flow.evidence.allSatisfy { $0 >= 1 }, "\(truth.name)")
      #expect(
        flow.evidence.allSatisfy { $0 <= capture.summary.frameCount }, "\(truth.name)")
    }
  }
}
