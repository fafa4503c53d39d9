import Annotation
import ArgumentParser
import CaptureFiles
import Foundation

/// Reads a capture file, annotates it, prints it in one of the formats.
struct Annotate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what each packet of a capture file meant, and what became of each connection.",
    discussion: """
      FILE is pcap or pcapng of any byte order and resolution; - is standard input.

      Formats:
        ladder      a diagram for each flow, client left, server right (default);
                    outside stand the ends' states, before the packet in the
                    arrow's row, after it in the row below
        text        one line a packet, then one a flow
        jsonl       one JSON object a packet, a flow, and the capture
        tsv         one line a flow with its verdict
        tshark-tsv  19 columns, one line a stream, as tshark 4.0 sees it
        mermaid     a sequence diagram
        pcapng      the same packets with the annotations as comments

      Times are in nanoseconds in jsonl and tsv, in seconds in tshark-tsv.

      Examples:
        halfopen annotate captures/ipv4-handshake.pcapng
        halfopen annotate --format tsv today.pcap | grep half-open
        halfopen annotate --format pcapng -o commented.pcapng today.pcap
        tcpdump -w - -c 20 tcp | halfopen annotate -

      States are an observer's: a packet is taken to arrive, and what an end sends
      later overrules what was assumed of it; ? is what cannot be known.

      A damaged file is processed up to its damage; the exit status is then 3.
      """)

  @Argument(help: "The capture file, or - for standard input.")
  var file: String

  @Option(help: "ladder, text, jsonl, tsv, tshark-tsv, mermaid or pcapng.")
  var format = AnnotationFormat.ladder

  @Option(name: [.short, .long], help: "Where to write instead of standard output.")
  var output: String?

  @OptionGroup var drawing: LadderOptions

  func run() throws {
    let input = try CaptureInput(path: file)
    var table = TsharkTable()
    var annotator = CaptureAnnotator()
    var packets: [CapturedPacket] = []
    let damage = try input.forEachPacket { packet in
      switch format {
      case .tsharkTSV: table.add(packet)
      case .pcapng:
        annotator.add(packet)
        packets.append(packet)
      case .ladder, .text, .jsonl, .tsv, .mermaid: annotator.add(packet)
      }
    }
    if let damage, damage.offset == 0 { throw failure(damage) }
    let capture = annotator.finish()
    let contents = CaptureContents(
      packets: packets, interfaces: input.interfaces, sections: input.sections, damage: damage)
    try write(rendered(capture, contents, table))
    reportLeftOut(of: capture)
    if let damage { throw failure(damage) }
  }

  private func rendered(
    _ capture: AnnotatedCapture, _ contents: CaptureContents, _ table: TsharkTable
  ) -> [UInt8] {
    switch format {
    case .ladder: Array(capture.ladder(drawing.layout(intoFile: outputPath != nil)).utf8)
    case .text: Array(capture.lines(isASCII: drawing.ascii).utf8)
    case .jsonl: Array(capture.jsonLines.utf8)
    case .tsv: Array(capture.tsv.utf8)
    case .tsharkTSV: Array(table.text.utf8)
    case .mermaid: Array(capture.mermaid.utf8)
    case .pcapng: capture.pcapng(of: contents, application: "halfopen \(Halfopen.version)")
    }
  }

  /// Says what no flow has, where the format itself does not.
  private func reportLeftOut(of capture: AnnotatedCapture) {
    switch format {
    case .ladder, .text, .jsonl, .tsharkTSV: return
    case .tsv, .mermaid, .pcapng:
      guard !capture.leftOut.isEmpty else { return }
      let kinds = capture.leftOut.map { "\($0.count) \($0.name)" }.joined(separator: ", ")
      StandardError.write("halfopen: left out: \(kinds)\n")
    }
  }

  /// The file to write; nil for standard output.
  private var outputPath: String? { output == "-" ? nil : output }

  private func write(_ bytes: [UInt8]) throws {
    if let outputPath {
      try OutputFile.write(Data(bytes), to: outputPath)
    } else {
      StandardOutput.write(bytes)
    }
  }

  private func failure(_ damage: CaptureFileError) -> Failure {
    let name = file == "-" ? "standard input" : file
    return damage.offset == 0
      ? Failure(.damagedInput, "\(name) cannot be read as a capture: \(damage.problem).")
      : Failure(
        .damagedInput, "\(name) is damaged \(damage); what stands before was processed.")
  }
}

/// The names of the formats on the command line.
enum AnnotationFormat: String, ExpressibleByArgument, CaseIterable {
  case ladder
  case text
  case jsonl
  case tsv
  case tsharkTSV = "tshark-tsv"
  case mermaid
  case pcapng
}
