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
        ladder      a diagram for each flow, client left, server right; outside, each end's
                    state before (in the arrow's row) and after (in the row below) (default)
        text        one line a packet, then one a flow
        jsonl       one JSON object a packet, a flow, and the capture; times in nanoseconds
        tsv         one line a flow with its verdict; times in nanoseconds
        tshark-tsv  one line a stream as tshark 4.0 sees it, in 19 columns; times in seconds
        mermaid     a sequence diagram
        pcapng      the same packets with the annotations as comments

      Examples:
        halfopen annotate captures/handshake-ipv4.pcapng
        halfopen annotate --format tsv today.pcap | grep half-open
        halfopen annotate --format pcapng -o commented.pcapng today.pcap
        tcpdump -w - -c 20 tcp | halfopen annotate -

      States are an observer's: a packet is taken to arrive, and what an end sends later
      overrules what was assumed of it; ? is what cannot be known.

      A damaged file is processed up to its damage; the exit status is then 3.
      """)

  @Argument(help: "The capture file, or - for standard input.")
  var file: String

  @Option(help: "ladder, text, jsonl, tsv, tshark-tsv, mermaid or pcapng.")
  var format = AnnotationFormat.ladder

  @Option(name: [.short, .long], help: "Where to write instead of standard output.")
  var output: String?

  @Option(help: "Columns of the ladder, 72 to 160 (default: $COLUMNS, else 100).")
  var width: Int?

  @Flag(help: "Draw with ASCII only.")
  var ascii = false

  func validate() throws {
    if let width, !(LadderLayout.narrowest...LadderLayout.widest).contains(width) {
      throw ValidationError(
        "--width must be \(LadderLayout.narrowest) to \(LadderLayout.widest), not \(width).")
    }
  }

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
    if let damage { throw failure(damage) }
  }

  private func rendered(
    _ capture: AnnotatedCapture, _ contents: CaptureContents, _ table: TsharkTable
  ) -> [UInt8] {
    switch format {
    case .ladder: Array(capture.ladder(layout).utf8)
    case .text: Array(capture.lines(isASCII: ascii).utf8)
    case .jsonl: Array(capture.jsonLines.utf8)
    case .tsv: Array(capture.tsv.utf8)
    case .tsharkTSV: Array(table.text.utf8)
    case .mermaid: Array(capture.mermaid.utf8)
    case .pcapng: capture.pcapng(of: contents, application: "halfopen \(Halfopen.version)")
    }
  }

  private var layout: LadderLayout {
    let columns = ProcessInfo.processInfo.environment["COLUMNS"].flatMap { Int($0) }
    return LadderLayout(width: width ?? columns ?? 100, isASCII: ascii)
  }

  private func write(_ bytes: [UInt8]) throws {
    if let output, output != "-" {
      try OutputFile.write(Data(bytes), to: output)
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
