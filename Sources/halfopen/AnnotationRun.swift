import Annotation
import CaptureFiles
import LinuxPacketIO

/// One pass over a capture file that writes one format as it goes.
struct AnnotationRun {
  let input: CaptureInput
  /// The file to write; nil for standard output.
  let output: String?
  /// The most connections to remember at once.
  let limit: Int
  /// Whether somebody waits for each packet.
  let isLive: Bool
  /// What segments have to pass; nil when all do.
  let filter: SegmentFilter?

  /// Writes an annotation.
  ///
  /// - Parameters:
  ///   - writer: The format.
  ///   - tellsLeftOut: Whether the format itself says what no flow has; if not, standard error does.
  /// - Throws: ``Failure`` when the input cannot be read or the output not written.
  func write(_ writer: some AnnotationWriter, tellsLeftOut: Bool = true) throws {
    let sink = try TextSink(output)
    var annotator = CaptureAnnotator(
      writer, limit: limit, secret: (try? KernelEntropy.word()) ?? 0,
      patience: isLive ? 0 : CaptureAnnotator.usualPatience, filter: filter)
    annotator.begin(into: &sink.waiting)
    try input.forEachRecord { record, frame in
      annotator.add(FrameFacts(record), frame, into: &sink.waiting)
      sink.write(atLeast: isLive ? 1 : TextSink.much)
      return true
    }
    try refuseUnreadable()
    annotator.finish(into: &sink.waiting) { sink.write(&$0, atLeast: TextSink.much) }
    try sink.close()
    if !tellsLeftOut { reportLeftOut(annotator.summary) }
  }

  /// Writes the streams as tshark sees them.
  func writeTsharkTable() throws {
    var table = TsharkTable()
    try input.forEachRecord { record, frame in
      table.add(FrameFacts(record), frame)
      return true
    }
    try refuseUnreadable()
    let sink = try TextSink(output)
    sink.waiting += Array(table.text.utf8)
    try sink.close()
  }

  /// Writes the same packets with comments.
  func writePcapng() throws {
    if output?.hasSuffix(".pcap") == true {
      StandardError.write(
        "halfopen: the pcap format has no place for comments; \(output ?? "") will be pcapng\n")
    }
    let sink = try TextSink(output)
    var copy = CommentedCopy(limit: limit, secret: (try? KernelEntropy.word()) ?? 0)
    try input.forEachPart { part, window in
      copy.add(part, in: window, into: &sink.waiting)
      sink.write(atLeast: TextSink.much)
      return true
    }
    try refuseUnreadable()
    copy.finish(into: &sink.waiting) { sink.write(&$0, atLeast: TextSink.much) }
    try sink.close()
    if copy.placeless > 0 {
      StandardError.write(
        "halfopen: \(copy.placeless) comments had no place: simple packet blocks take none\n")
    }
    reportLeftOut(copy.summary)
  }

  /// Ends the program when the input is no capture at all: then nothing is written.
  func refuseUnreadable() throws {
    if input.format == nil, let failure = input.damage.failure { throw failure }
  }

  func reportLeftOut(_ summary: CaptureSummary) {
    guard !summary.leftOut.isEmpty else { return }
    let kinds = summary.leftOut.map { "\($0.count) \($0.name)" }.joined(separator: ", ")
    StandardError.write("halfopen: left out: \(kinds)\n")
  }
}
