import Annotation
import ArgumentParser
import CaptureFiles
import LinuxPacketIO

extension Annotate {
  /// The format of the view of listeners.
  ///
  /// - Throws: `ValidationError` when the format that was asked for has no such view.
  var listenerFormat: ListenerFormat {
    get throws {
      switch format {
      case nil, .text: return .text
      case .json: return .json
      case .jsonl: return .jsonl
      case .tsv: return .tsv
      case .csv: return .csv
      case .ladder, .mermaid, .pcapng, .tsharkTSV:
        throw ValidationError("--listeners has the formats text, json, jsonl, tsv and csv.")
      }
    }
  }
}

extension AnnotationRun {
  /// Writes what the capture shows of each listener, when it has come to its end.
  func writeListeners(_ format: ListenerFormat) throws {
    var annotator = ListenerAnnotator(
      flows: limit, filter: filter, secret: (try? KernelEntropy.word()) ?? 0)
    try input.forEachRecord { record, frame in
      annotator.add(FrameFacts(record), frame)
      return true
    }
    try refuseUnreadable()
    let report = annotator.report
    let sink = try TextSink(output)
    sink.waiting += Array(report.text(in: format).utf8)
    try sink.close()
    switch format {
    case .text, .json, .jsonl: return
    case .tsv, .csv: reportLeftOut(report.summary)
    }
  }
}
