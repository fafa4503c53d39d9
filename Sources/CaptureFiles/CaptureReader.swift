/// Reads pcap and pcapng: gives records, one after another, until the file's end or its damage.
///
/// It keeps only what the file says of sections and interfaces, and no octets: whoever drives it
/// holds them, all at once or a window at a time (``CaptureFeed``). No octets make it trap or hang,
/// and a length field that lies makes it ask for at most ``longestPart`` octets.
public struct CaptureReader: Sendable {
  /// How many octets of the file have been read.
  public private(set) var offset = 0
  /// The file's format; nil before the first octets were seen.
  public internal(set) var format: CaptureFormat?
  /// The interfaces described so far, over all sections; a pcap file has one.
  public internal(set) var interfaces: [CaptureInterface] = []
  /// The sections begun so far; none in a pcap file.
  public internal(set) var sections: [CaptureSection] = []

  var order = ByteOrder.little
  /// The index in ``interfaces`` of the section's first one.
  var firstInterface = 0

  /// No record or block may be longer, in octets; Wireshark (wiretap/pcapng.c) draws the same line.
  public static let longestPart = 16 << 20

  /// Creates a reader that stands at the beginning of a file.
  public init() {}

  /// Reads on to the next packet.
  ///
  /// - Parameters:
  ///   - window: Octets of the file, those at ``offset`` among them (or just before their end).
  ///   - start: Where in the file `window` begins, in octets.
  ///   - isLast: Whether the file ends where `window` ends.
  /// - Returns: A record whose ``CaptureRecord/data`` counts from the window's start; the file's
  ///   end; or, unless `isLast`, how many octets from ``offset`` on a window has to hold.
  /// - Throws: ``CaptureFileError`` at the file's first damage, and the same again at each further
  ///   call.
  /// - Precondition: `start` is not behind ``offset``, and the window reaches up to it.
  public mutating func next(
    in window: Span<UInt8>, from start: Int = 0, isLast: Bool = true
  ) throws(CaptureFileError) -> CaptureStep {
    while true {
      let skipped = offset - start
      let rest = window.extracting(skipped...)
      switch try read(rest) {
      case .skip(let octets):
        offset += octets
      case .record(var record, let octets):
        record.data = record.data.lowerBound + skipped..<record.data.upperBound + skipped
        offset += octets
        return .record(record)
      case .needs(let octets, let part):
        guard isLast else { return .needsMore(octets: octets) }
        guard rest.count > 0 || format == nil else { return .end }
        throw CaptureFileError(
          offset: offset,
          rest.isEmpty ? .empty : .truncated(part, needed: octets, available: rest.count))
      }
    }
  }

  private mutating func read(_ rest: Span<UInt8>) throws(CaptureFileError) -> Progress {
    switch format {
    case nil: try readFileHeader(rest)
    case .pcap: try readPcapRecord(rest)
    case .pcapng: try readBlock(rest)
    }
  }

  private mutating func readFileHeader(_ rest: Span<UInt8>) throws(CaptureFileError) -> Progress {
    guard rest.count >= 4 else { return .needs(4, .fileHeader) }
    switch rest.word32(at: 0, .big) {
    case 0xA1B2_C3D4: return try readPcapHeader(rest, .big, .microseconds)
    case 0xD4C3_B2A1: return try readPcapHeader(rest, .little, .microseconds)
    case 0xA1B2_3C4D: return try readPcapHeader(rest, .big, .nanoseconds)
    case 0x4D3C_B2A1: return try readPcapHeader(rest, .little, .nanoseconds)
    case 0x0A0D_0D0A:
      format = .pcapng
      return .skip(0)
    case 0x28B5_2FFD: throw failure(.compressed(program: "zstd -d"))
    case let magic where magic >> 16 == 0x1F8B: throw failure(.compressed(program: "gunzip"))
    default: throw failure(.notACapture(firstOctets: rest.octets(in: 0..<4)))
    }
  }

  /// An error about what begins here.
  func failure(_ problem: CaptureFileProblem) -> CaptureFileError {
    CaptureFileError(offset: offset, problem)
  }

  /// How reading went on.
  enum Progress {
    /// These octets held no packet.
    case skip(Int)
    /// These octets held a packet; its range counts from where reading stood.
    case record(CaptureRecord, Int)
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
