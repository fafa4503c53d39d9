import Determinism
import Foundation
import TestSupport
import Testing
import Wire

@Suite("Frames that other programs wrote or read")
struct CaptureOracleTests {
  /// Every segment of a story, in its order.
  private func segments(_ frames: [CapturedFrame]) -> [Segment?] {
    var decoder = FrameDecoder()
    return frames.compactMap { frame -> Segment?? in
      let reading = decoder.decode(
        frame.bytes.span, linkType: frame.linkType, originalLength: frame.originalLength,
        at: frame.nanoseconds)
      switch reading {
      case .frame(let decoded): return decoded.segment(in: frame.bytes.span)
      case .joined(let decoded, let octets): return decoded.segment(in: octets.span)
      case .fragment: return nil
      case .left: return .some(nil)
      }
    }
  }

  @Test(
    "every wrapping of the generated stories holds the same three segments",
    .enabled(
      if: CaptureOracles.canGenerate,
      "skipped, because ../shared/oracles/gen_probe_pcaps.py or python3 is not here"))
  func stories() throws {
    try CaptureOracles.withFolder { folder in
      _ = try CaptureOracles.run("/usr/bin/python3", [CaptureOracles.generator, folder.path])
      let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        .filter { $0.hasPrefix("enc-") }.sorted()
      #expect(files.count >= 20)
      let plain = segments(
        Array(try CaptureOracles.frames(in: folder.appending(path: "normal.pcap")).prefix(3)))
      #expect(plain.count == 3 && plain.allSatisfy { $0 != nil })
      for file in files {
        let found = segments(try CaptureOracles.frames(in: folder.appending(path: file)))
        if file.hasPrefix("enc-ipv6") {
          #expect(found.map { $0?.sequence } == plain.map { $0?.sequence }, "\(file)")
          #expect(found.map { $0?.options } == plain.map { $0?.options }, "\(file)")
        } else {
          #expect(found == plain, "\(file)")
        }
      }
    }
  }

  /// What tshark 4.0 and 4.6 do not follow, so that their silence says nothing: link types without
  /// a reader, frames of a netANALYZER without its marks, a preamble without the check sequence
  /// behind it, IPNET (whose IP it looks for behind more octets than libpcap does), and attributes
  /// in another order than the file's.
  static let notFollowed: [UInt16] = [8, 166, 226, 240, 241, 274, 281, 282, 284, 285]

  /// A frame's segment in tshark's words: sequence number, ports, addresses.
  private func line(_ segment: Segment?) -> String {
    guard let segment else { return "" }
    return [
      "\(segment.sequence.rawValue)", "\(segment.source.port)", "\(segment.destination.port)",
      "\(segment.source.address)", "\(segment.destination.address)",
    ]
    .joined(separator: " ")
  }

  @Test(
    "tshark finds the same segments under every link type and under random layers",
    .enabled(if: CaptureOracles.hasTshark, "skipped, because tshark is not here"))
  func tshark() throws {
    var frames: [CapturedFrame] = []
    var names: [String] = []
    for (linkType, prefix, layers) in LinkLayerTests.prefixes {
      let bytes = octets(prefix) + Sample.syn4
      frames.append(
        CapturedFrame(
          linkType: LinkType(rawValue: linkType), bytes: bytes, originalLength: bytes.count,
          nanoseconds: 0))
      names.append("\(linkType) \(prefix) \(layers)")
    }
    var chance = SeededGenerator(seed: 4)
    for _ in 0..<150 {
      var wrapping = Wrapping(packet: try chance.segment().packet())
      for _ in 0..<chance.count(upTo: 4) { try wrapping.wrap(by: &chance) }
      let linkType = try wrapping.finish(by: &chance)
      frames.append(
        CapturedFrame(
          linkType: linkType, bytes: wrapping.bytes, originalLength: wrapping.bytes.count,
          nanoseconds: 0))
      names.append("\(linkType) \(wrapping.layers)")
    }
    let theirs = try CaptureOracles.withFolder { folder in
      let file = folder.appending(path: "frames.pcapng")
      try Data(CaptureOracles.pcapng(frames)).write(to: file)
      let fields = [
        "tcp.seq_raw", "tcp.srcport", "tcp.dstport", "ip.src", "ip.dst", "ipv6.src", "ipv6.dst",
        "frame.protocols",
      ]
      return try CaptureOracles.run(
        "/usr/bin/tshark",
        ["-n", "-r", file.path, "-T", "fields", "-E", "occurrence=l"]
          + fields.flatMap { ["-e", $0] })
    }
    .split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    #expect(theirs.count == frames.count)
    var agreed = 0
    for (index, row) in theirs.enumerated() {
      let columns = row.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard columns.count == 8 else { continue }
      let inner = columns[7].split(separator: ":").last { $0 == "ip" || $0 == "ipv6" }
      let addresses = inner == "ip" ? columns[3...4] : columns[5...6]
      let expected = columns[0].isEmpty ? "" : (columns[0...2] + addresses).joined(separator: " ")
      let ours = line(segments([frames[index]]).first ?? nil)
      // It guesses at pseudowires by other signs, takes no tag of the type 0x9200, and always
      // expects padding before a bridged frame.
      let isGuess =
        columns[7].contains("pwethheuristic") || names[index].contains(" 9200 ")
        || names[index].contains(" 0007 0200")
        || names[index].contains(" 0001 0800 0300 0040 0009")
      if expected.isEmpty, isGuess || Self.notFollowed.contains(frames[index].linkType.rawValue) {
        continue
      }
      #expect(ours == expected, "\(names[index]): \(columns[7])")
      agreed += 1
    }
    #expect(agreed > 180)
  }
}
