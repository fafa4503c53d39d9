/// A piece of a capture file that a copy of the file has to hold: all of them, one after another,
/// are the file.
public enum CapturePart: Hashable, Sendable {
  /// What a pcap file begins with, and how its records are to be read.
  case pcapHeader(PcapLayout, Range<Int>)
  /// A block of a pcapng file that holds no packet, known or not.
  case block(Range<Int>)
  /// A packet with its record or block.
  case record(CaptureRecord)

  /// Where it lies in the window that it was read from.
  public var range: Range<Int> {
    switch self {
    case .pcapHeader(_, let range), .block(let range): range
    case .record(let record): record.block
    }
  }

  /// The same piece in a window that begins `octets` further on.
  ///
  /// - Precondition: The piece lies in that window.
  public func moved(back octets: Int) -> Self {
    func moved(_ range: Range<Int>) -> Range<Int> {
      range.lowerBound - octets..<range.upperBound - octets
    }
    switch self {
    case .pcapHeader(let layout, let range): return .pcapHeader(layout, moved(range))
    case .block(let range): return .block(moved(range))
    case .record(var record):
      record.data = moved(record.data)
      record.block = moved(record.block)
      return .record(record)
    }
  }
}

/// What one step of reading gave, for one who wants every octet.
public enum CapturePartStep: Hashable, Sendable {
  /// The next piece.
  case part(CapturePart)
  /// The window has to hold this many octets from ``CaptureReader/offset`` on, or all that is left.
  case needsMore(octets: Int)
  /// The file is at its end, and whole.
  case end
}
