/// Reads a capture file over its damage: where ``CaptureReader`` ends, it looks for the next place
/// at which reading can go on, and says what was lost.
///
/// Reading goes on
/// * in pcapng at a section header, or at a block of a known type whose two lengths agree, whose
///   contents agree with the section, and behind which another such block, a section header or the
///   file's end stands;
/// * in pcap at three records in a row whose numbers make sense: captured no more than was on the
///   wire, within the snapshot length, a fraction below a second, times within a day of each other
///   and within thirty days of the last good one; or at fewer, when the file ends exactly behind
///   one.
///
/// Octets that hold a whole capture file inside a packet can deceive it, and nothing else is likely
/// to. It looks ahead by at most a few MiB, and takes time in proportion to the octets passed over.
public struct RecoveringReader: Sendable {
  /// The reader, which tells interfaces, sections, names and offset.
  public private(set) var reader = CaptureReader()
  /// What could not be read so far.
  public private(set) var damages = CaptureDamages()

  var state = State.reading {
    didSet { isReading = state == .reading }
  }
  /// The state in a word: it is asked for each packet.
  private var isReading = true
  /// Whether the section's header is lost, so that blocks may have either byte order.
  var isOrderLost = false

  enum State: Hashable, Sendable {
    case reading
    /// Looks for the end of this damage.
    case searching(CaptureFileError)
    /// Nothing more can be read.
    case over
  }

  /// Creates a reader that stands at the beginning of a file.
  public init() {
    reader.isWary = true
  }

  /// Whether octets are passed over in search of something readable.
  public var isSearching: Bool {
    guard case .searching = state else { return false }
    return true
  }

  /// Reads on to the next packet, over damage if need be; the parameters and the result are those
  /// of ``CaptureReader/next(in:from:isLast:)``.
  public mutating func next(
    in window: Span<UInt8>, from start: Int = 0, isLast: Bool = true
  ) -> CaptureStep {
    while true {
      switch nextPart(in: window, from: start, isLast: isLast) {
      case .part(.record(let record)): return .record(record)
      case .part(.block), .part(.pcapHeader): continue
      case .needsMore(let octets): return .needsMore(octets: octets)
      case .end: return .end
      }
    }
  }

  /// Reads on to the next piece that a copy of the file has to hold; damaged stretches are none.
  public mutating func nextPart(
    in window: Span<UInt8>, from start: Int = 0, isLast: Bool = true
  ) -> CapturePartStep {
    while true {
      if let step = step(in: window, from: start, isLast: isLast) { return step }
    }
  }

  /// Takes one step; nil when there was damage that was got over or looked into, and more steps can
  /// be taken.
  private mutating func step(
    in window: Span<UInt8>, from start: Int, isLast: Bool
  ) -> CapturePartStep? {
    guard isReading else {
      return switch search(in: window, from: start, isLast: isLast) {
      case .resumed: nil
      case .needs(let octets): .needsMore(octets: octets)
      case .end: .end
      }
    }
    do throws(CaptureFileError) {
      return try reader.nextPart(in: window, from: start, isLast: isLast)
    } catch {
      let isNoted = begin(error, in: window, from: start, isLast: isLast)
      return isNoted ? nil : .needsMore(octets: Self.noted)
    }
  }

  /// Reads all packets that the window holds, which is quicker than to ask for one after another.
  ///
  /// - Parameters:
  ///   - window: Octets of the file, as for ``next(in:from:isLast:)``.
  ///   - start: Where in the file `window` begins, in octets.
  ///   - isLast: Whether the file ends where `window` ends.
  ///   - body: Is given each packet and what was kept of it, and tells whether to go on.
  /// - Returns: Why it stopped.
  /// - Throws: What `body` throws.
  public mutating func forEachRecord(
    in window: Span<UInt8>, from start: Int = 0, isLast: Bool = true,
    _ body: (CaptureRecord, Span<UInt8>) throws -> Bool
  ) rethrows -> CapturePause {
    let known = reader.interfaces.count
    while true {
      guard reader.interfaces.count == known else { return .newInterface }
      if isReading {
        while let record = reader.nextOrdinaryRecord(in: window, from: start) {
          guard try body(record, window.extracting(record.data)) else { return .enough }
        }
      }
      switch step(in: window, from: start, isLast: isLast) {
      case nil, .part(.block), .part(.pcapHeader): continue
      case .part(.record(let record)):
        guard try body(record, window.extracting(record.data)) else { return .enough }
      case .needsMore(let octets): return .needsMore(octets: octets)
      case .end: return .end
      }
    }
  }

  /// Closes a stretch of damage at the reader's offset.
  mutating func close(_ error: CaptureFileError, resumed: Bool) {
    damages.append(
      CaptureDamage(
        offset: error.offset, problem: error.problem, resumed: resumed ? reader.offset : nil,
        skipped: reader.offset - error.offset))
    state = resumed ? .reading : .over
  }

  /// Moves on without reading.
  mutating func skip(_ octets: Int) { reader.offset += octets }

  /// Takes the following blocks for ones of `order`.
  mutating func settle(on order: ByteOrder) {
    guard isOrderLost else { return }
    reader.order = order
    isOrderLost = false
  }
}

/// Why reading paused.
public enum CapturePause: Hashable, Sendable {
  /// Whoever was given the packets had enough.
  case enough
  /// One more interface is known than before, and no packet of it was handed over yet.
  case newInterface
  /// The window has to hold this many octets from the reader's offset on, or all that is left.
  case needsMore(octets: Int)
  /// The file is at its end, or nothing more of it can be read.
  case end
}

extension RecoveringReader {
  /// So many octets of a damaged block are looked at for what can still be told.
  private static let noted = 256

  /// Notes damage, and what of it can still be told: a lost interface keeps its number, a lost
  /// section header still ends the section before it.
  ///
  /// - Returns: Whether enough was there to note it.
  private mutating func begin(
    _ error: CaptureFileError, in window: Span<UInt8>, from start: Int, isLast: Bool
  ) -> Bool {
    let rest = window.extracting((reader.offset - start)...)
    isOrderLost = false
    guard reader.format != nil else {
      close(error, resumed: false)
      return true
    }
    if reader.format == .pcapng, rest.count >= 8 {
      if rest.word32(at: 0, .big) == PcapngBlockType.section {
        reader.beginLostSection()
        isOrderLost = !error.problem.isInsideBlock
      } else if rest.word32(at: 0, reader.order) == PcapngBlockType.interface {
        guard rest.count >= Self.noted || isLast else { return false }
        reader.keepLostInterface(rest.extracting(..<min(rest.count, Self.noted)))
      }
      if error.problem.isInsideBlock {
        reader.offset += Int(rest.word32(at: 4, reader.order))
        close(error, resumed: true)
        return true
      }
    }
    reader.offset += min(1, rest.count)
    state = .searching(error)
    return true
  }
}

extension CaptureFileProblem {
  /// Whether the block's lengths agree, so that the next block stands where they say.
  fileprivate var isInsideBlock: Bool {
    switch self {
    case .packetExceedsBlock, .optionExceedsBlock, .unknownInterface, .tooManyInterfaces,
      .unsupportedVersion:
      true
    case .empty, .notACapture, .compressed, .truncated, .tooLong, .impossibleBlockLength,
      .blockLengthsDiffer, .unknownByteOrder, .implausibleRecord:
      false
    }
  }
}

extension CaptureReader {
  /// Ends the section, when the header of the next one is damaged.
  fileprivate mutating func beginLostSection() {
    firstInterface = interfaces.count
    if sections.count < Self.mostInterfaces { sections.append(CaptureSection()) }
  }

  /// Remembers an interface whose block is damaged, with what of its description can be read: the
  /// packets of the others would go to the wrong one else.
  fileprivate mutating func keepLostInterface(_ block: Span<UInt8>) {
    guard block.count >= 16 else { return }
    var options: [PcapngOption] = []
    var walk = PcapngOptionWalk(in: 16..<block.count, order)
    while let option = (try? walk.next(in: block)) ?? nil { options.append(option) }
    try? add(interface(block, options))
  }
}
