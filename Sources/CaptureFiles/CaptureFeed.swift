/// Reads a capture file that comes in pieces: holds the octets that no record has used yet.
public struct CaptureFeed: Sendable {
  /// The reader, which tells interfaces, sections and offset.
  public private(set) var reader = CaptureReader()
  private var window: [UInt8] = []
  private var start = 0
  private var isLast = false

  /// Creates a feed that stands at the beginning of a file.
  public init() {}

  /// Takes the file's next octets; those of read packets are let go.
  public mutating func append(_ octets: [UInt8]) {
    let used = reader.offset - start
    window.removeFirst(min(used, window.count))
    start += used
    window += octets
  }

  /// Says that nothing more will come.
  public mutating func finish() {
    isLast = true
  }

  /// Gives the next packet.
  ///
  /// - Returns: A packet, the file's end, or a wish for more octets (never after ``finish()``).
  /// - Throws: ``CaptureFileError`` at the file's first damage, and the same again at each further
  ///   call.
  public mutating func next() throws(CaptureFileError) -> CaptureFeedStep {
    let window = window  // a span of the property itself would lock the reader beside it
    switch try reader.next(in: window.span, from: start, isLast: isLast) {
    case .record(let record): return .packet(CapturedPacket(record, in: window.span))
    case .needsMore: return .needsMore
    case .end: return .end
    }
  }
}

/// What one step of a feed gave.
public enum CaptureFeedStep: Hashable, Sendable {
  /// A packet.
  case packet(CapturedPacket)
  /// The next packet is not here whole.
  case needsMore
  /// The file is at its end, and whole.
  case end
}

/// All that a capture file holds, up to its end or its first damage.
public struct CaptureContents: Hashable, Sendable {
  /// The whole packets, in the file's order.
  public var packets: [CapturedPacket] = []
  /// The interfaces.
  public var interfaces: [CaptureInterface]
  /// The sections of a pcapng file.
  public var sections: [CaptureSection]
  /// What ended the reading; nil when the file is whole.
  public var damage: CaptureFileError?

  /// Creates contents that were read elsewhere.
  public init(
    packets: [CapturedPacket], interfaces: [CaptureInterface], sections: [CaptureSection] = [],
    damage: CaptureFileError? = nil
  ) {
    self.packets = packets
    self.interfaces = interfaces
    self.sections = sections
    self.damage = damage
  }

  /// Reads `file`.
  public init(reading file: [UInt8]) {
    var reader = CaptureReader()
    do throws(CaptureFileError) {
      while case .record(let record) = try reader.next(in: file.span) {
        packets.append(CapturedPacket(record, in: file.span))
      }
    } catch {
      damage = error
    }
    interfaces = reader.interfaces
    sections = reader.sections
  }
}
