/// Reads pcap and pcapng: gives records, one after another, until the file's end or its damage.
///
/// It keeps only what the file says of sections, interfaces and names, within bounds, and no
/// octets: whoever drives it holds them, all at once or a window at a time (``CaptureFeed``). No
/// octets make it trap or hang, and a length field that lies makes it ask for at most
/// ``longestPart`` octets. A packet without options costs no allocation.
public struct CaptureReader: Sendable {
  /// How many octets of the file have been read.
  public internal(set) var offset = 0
  /// The file's format; nil before the first octets were seen.
  public internal(set) var format: CaptureFormat?
  /// The interfaces described so far, over all sections; a pcap file has one.
  public internal(set) var interfaces: [CaptureInterface] = []
  /// The sections begun so far; none in a pcap file.
  public internal(set) var sections: [CaptureSection] = []
  /// The names of addresses told so far, over all sections.
  public internal(set) var names = CaptureNames()

  var order = ByteOrder.little
  /// The index in ``interfaces`` of the section's first one.
  var firstInterface = 0
  /// What of each interface a packet needs, beside ``interfaces``.
  var clocks: [InterfaceClock] = []
  /// How a pcap file's records are built.
  var layout = PcapLayout(order: .little)
  /// The seconds of the latest record of a pcap file.
  var lastSeconds: UInt32?
  /// Whether headers that make no sense are taken for damage although they could be followed.
  var isWary = false
  /// How many more octets of descriptions are kept.
  var textBudget = Self.longestTexts

  /// No record or block may be longer, in octets; Wireshark (wiretap/pcapng.c) draws the same line.
  public static let longestPart = 16 << 20
  /// No file may describe more interfaces; sections beyond as many are read and not remembered.
  public static let mostInterfaces = 1 << 14
  /// Of names and comments of sections and interfaces no more octets are kept.
  static let longestTexts = 4 << 20

  /// Creates a reader that stands at the beginning of a file.
  public init() {}

  /// Reads on to the next packet.
  ///
  /// - Parameters:
  ///   - window: Octets of the file, those at ``offset`` among them (or just before their end).
  ///   - start: Where in the file `window` begins, in octets.
  ///   - isLast: Whether the file ends where `window` ends.
  /// - Returns: A record whose ranges count from the window's start; the file's end; or, unless
  ///   `isLast`, how many octets from ``offset`` on a window has to hold.
  /// - Throws: ``CaptureFileError`` at the file's first damage, and the same again at each further
  ///   call.
  /// - Precondition: `start` is not behind ``offset``, and the window reaches up to it.
  public mutating func next(
    in window: Span<UInt8>, from start: Int = 0, isLast: Bool = true
  ) throws(CaptureFileError) -> CaptureStep {
    if let record = nextOrdinaryRecord(in: window, from: start) {
      return .record(record)
    }
    while true {
      switch try advance(in: window, from: start, isLast: isLast) {
      case .skip: continue
      case .record(let record): return .record(record)
      case .needs(let octets, _): return isLast ? .end : .needsMore(octets: octets)
      }
    }
  }

  /// Reads on to the next piece of the file, packet or not; as ``next(in:from:isLast:)`` else.
  public mutating func nextPart(
    in window: Span<UInt8>, from start: Int = 0, isLast: Bool = true
  ) throws(CaptureFileError) -> CapturePartStep {
    while true {
      let from = offset - start
      let isHeader = format == nil
      switch try advance(in: window, from: start, isLast: isLast) {
      case .skip(0): continue
      case .skip(let octets):
        let range = from..<from + octets
        return .part(isHeader ? .pcapHeader(layout, range) : .block(range))
      case .record(let record): return .part(.record(record))
      case .needs(let octets, _): return isLast ? .end : .needsMore(octets: octets)
      }
    }
  }

  /// Takes one step over the file; where more is needed of a whole file, it is at its end.
  private mutating func advance(
    in window: Span<UInt8>, from start: Int, isLast: Bool
  ) throws(CaptureFileError) -> Progress {
    let base = offset - start
    let rest = window.extracting(base...)
    let progress = try read(rest, base: base, isLast: isLast)
    switch progress {
    case .skip(let octets):
      offset += octets
    case .record(let record):
      offset += record.block.count
    case .needs(let octets, let part):
      guard isLast, rest.count > 0 || format == nil else { break }
      throw failure(
        rest.isEmpty ? .empty : .truncated(part, needed: octets, available: rest.count))
    }
    return progress
  }

  /// Reads what begins `rest`, which begins `base` octets behind the window's start.
  mutating func read(
    _ rest: Span<UInt8>, base: Int, isLast: Bool
  ) throws(CaptureFileError) -> Progress {
    switch format {
    case .pcap: try readPcapRecord(rest, base: base, isLast: isLast)
    case .pcapng: try readBlock(rest, base: base)
    case nil: try readFileHeader(rest, isLast: isLast)
    }
  }

  private mutating func readFileHeader(
    _ rest: Span<UInt8>, isLast: Bool
  ) throws(CaptureFileError) -> Progress {
    guard rest.count >= 4 else { return .needs(4, .fileHeader) }
    if let magic = PcapMagic(rest.word32(at: 0, .big)) {
      return try readPcapHeader(rest, magic, isLast: isLast)
    }
    switch rest.word32(at: 0, .big) {
    case PcapngBlockType.section:
      format = .pcapng
      return .skip(0)
    case 0x28B5_2FFD: throw failure(.compressed(program: "zstd -d"))
    case let magic where magic >> 16 == 0x1F8B: throw failure(.compressed(program: "gunzip"))
    default: throw failure(.notACapture(firstOctets: rest.octets(in: 0..<4)))
    }
  }

  /// Takes in the description of one more interface.
  mutating func add(_ interface: CaptureInterface) throws(CaptureFileProblem) {
    guard interfaces.count < Self.mostInterfaces else {
      throw .tooManyInterfaces(limit: Self.mostInterfaces)
    }
    interfaces.append(interface)
    clocks.append(InterfaceClock(of: interface))
  }

  /// An error about what begins here.
  func failure(_ problem: CaptureFileProblem) -> CaptureFileError {
    CaptureFileError(offset: offset, problem)
  }

  /// How reading went on.
  enum Progress {
    /// These octets held no packet.
    case skip(Int)
    /// A packet; its ranges count from the window's start.
    case record(CaptureRecord)
    /// So many octets must be there to read this part.
    case needs(Int, CaptureFilePart)
  }
}

/// What one step of reading gave.
public enum CaptureStep: Hashable, Sendable {
  /// A packet.
  case record(CaptureRecord)
  /// The window has to hold this many octets from ``CaptureReader/offset`` on, or all that is left.
  case needsMore(octets: Int)
  /// The file is at its end, and whole.
  case end
}

/// The formats that are read.
public enum CaptureFormat: String, Hashable, Sendable {
  /// libpcap's old format.
  case pcap
  /// Its successor, of blocks.
  case pcapng
}
