import Annotation
import ArgumentParser
import CaptureFiles
import LinuxPacketIO

/// Reads a capture file, annotates it, prints it in one of the formats.
struct Annotate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what each packet of a capture file meant, and what became of each connection.",
    discussion: """
      FILE is pcap or pcapng of any kind, packed with gzip or zstd or not; - is
      standard input. What cannot be read is counted by name.

      Formats:
        ladder      a diagram for each flow, client left, server right (default);
                    outside stand the ends' states, before the packet in the
                    arrow's row, after it in the row below
        text        one line a packet with its reason, then one a flow
        jsonl       one JSON object a packet, a flow, and the capture
        json        one JSON document: the flows with their packets
        tsv, csv    one line a flow with its verdict: the fastest
        mermaid     a sequence diagram
        pcapng      the same packets with the annotations as comments
        tshark-tsv  19 columns, one line a stream, as tshark 4.0 sees it

      With --listeners the same file is read for its servers: a block, a line or a
      record for each address and port that was asked, in text (default), json,
      jsonl, tsv or csv: attempts answered, refused and ignored, how many were
      half-open, and the signs of a flood, of a full accept queue, of reflection
      and of SYN cookies.

      Times are in nanoseconds in json, jsonl, csv and tsv, in seconds in
      tshark-tsv. --schema prints the JSON Schema of json and jsonl. Of a flow of
      more than 64 packets ladder, json and mermaid show the first 48 and the last
      16.

      Examples:
        halfopen annotate captures/ipv4-handshake.pcapng
        halfopen annotate --format tsv today.pcap.gz | grep half-open
        halfopen annotate --listeners today.pcap
        halfopen annotate --format pcapng -o commented.pcapng today.pcap
        tcpdump -w - -c 20 tcp | halfopen annotate -
        halfopen annotate --follow --format text growing.pcapng

      States are an observer's: a packet is taken to arrive, and what an end sends
      later overrules what was assumed of it; ? is what cannot be known. With
      --follow each packet is told at once, by what is known then.

      A damaged file is processed up to its damage, and after it where a record can
      be found again; the exit status is then 3.
      """)

  @Argument(help: "The capture file, or - for standard input.")
  var file: String?

  @Option(help: "ladder (default), text, jsonl, json, csv, tsv, mermaid, pcapng or tshark-tsv.")
  var format: AnnotationFormat?

  @Option(name: [.short, .long], help: "Where to write instead of standard output.")
  var output: String?

  @Flag(help: "Only count the packets, by interface.")
  var count = false

  @Flag(help: "At the end of the file wait for more, until Control-C.")
  var follow = false

  @Flag(help: "Tell of each listener instead: who asked, who was answered, what was ignored.")
  var listeners = false

  @Flag(help: "Print the JSON Schema of json and jsonl, and end; of --listeners with it.")
  var schema = false

  @Option(help: "The most connections to remember at once; the oldest are told and forgotten.")
  var maxFlows = HandshakeObserver.defaultLimit

  @OptionGroup(title: "Filters for any encapsulation") var segments: SegmentFilterOptions

  @OptionGroup var drawing: LadderOptions

  func validate() throws {
    guard maxFlows > 0 else { throw ValidationError("--max-flows must be at least 1.") }
    guard schema || file != nil else { throw ValidationError("Missing expected argument '<file>'") }
    if listeners { _ = try listenerFormat }
    if follow, file == "-" {
      throw ValidationError("--follow is for files: standard input ends when its writer does.")
    }
  }

  func run() throws {
    guard !schema, let file else {
      return StandardOutput.write(listeners ? ListenerSchema.text : AnnotationSchema.text)
    }
    let input = try CaptureInput(path: file, following: follow ? try SignalWatch() : nil)
    if count {
      try CaptureCount(of: input).print(interfaces: input.interfaces)
    } else {
      try annotate(input)
    }
    if let failure = input.damage.failure { throw failure }
    switch input.ending {
    case .end, .enough, .replaced: return
    case .signal(.interrupt): throw ExitCode(ExitStatus.interrupted.rawValue)
    case .signal(.terminate): throw ExitCode(ExitStatus.terminated.rawValue)
    }
  }

  private func annotate(_ input: CaptureInput) throws {
    let run = AnnotationRun(
      input: input, output: output == "-" ? nil : output, limit: maxFlows, isLive: follow,
      filter: segments.filter)
    guard !listeners else { return try run.writeListeners(try listenerFormat) }
    switch format ?? .ladder {
    case .ladder: try run.write(LadderWriter(drawing.layout(intoFile: run.output != nil)))
    case .text: try run.write(TextWriter(isASCII: drawing.ascii))
    case .jsonl: try run.write(JSONLinesWriter())
    case .json: try run.write(JSONWriter())
    case .csv: try run.write(TableWriter.csv, tellsLeftOut: false)
    case .tsv: try run.write(TableWriter.tsv, tellsLeftOut: false)
    case .mermaid: try run.write(MermaidWriter(), tellsLeftOut: false)
    case .tsharkTSV: try run.writeTsharkTable()
    case .pcapng: try run.writePcapng()
    }
  }
}

/// The names of the formats on the command line.
enum AnnotationFormat: String, ExpressibleByArgument, CaseIterable {
  case ladder
  case text
  case jsonl
  case json
  case csv
  case tsv
  case tsharkTSV = "tshark-tsv"
  case mermaid
  case pcapng
}
