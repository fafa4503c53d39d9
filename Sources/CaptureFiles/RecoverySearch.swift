/// The search for the place where reading can go on after damage.
extension RecoveringReader {
  /// How a search went.
  enum SearchStep {
    /// The reader stands where it can go on.
    case resumed
    /// The window has to hold so many octets from the reader's offset on.
    case needs(Int)
    /// The file is at its end.
    case end
  }

  /// Goes on searching, octet by octet.
  mutating func search(in window: Span<UInt8>, from start: Int, isLast: Bool) -> SearchStep {
    guard case .searching(let error) = state else { return state == .over ? .end : .resumed }
    var rest = window.extracting((reader.offset - start)...)
    while !rest.isEmpty {
      switch belief(in: rest, isLast: isLast) {
      case .plausible:
        close(error, resumed: true)
        return .resumed
      case .needs(let octets):
        return .needs(octets)
      case .implausible:
        skip(1)
        rest = rest.extracting(1...)
      }
    }
    guard isLast else { return .needs(1) }
    close(error, resumed: false)
    return .end
  }

  private mutating func belief(in rest: Span<UInt8>, isLast: Bool) -> RecordBelief {
    guard reader.format == .pcapng else { return reader.isRunOfRecords(rest, isLast: isLast) }
    for order in isOrderLost ? ByteOrder.allCases : [reader.order] {
      switch reader.isRunOfBlocks(rest, order, isLast: isLast) {
      case .implausible: continue
      case .needs(let octets): return .needs(octets)
      case .plausible:
        settle(on: order)
        return .plausible
      }
    }
    return .implausible
  }
}

extension CaptureReader {
  /// A longer block is not believed where its place had to be searched for.
  private static let longestSearched = 1 << 20

  /// Judges whether reading may go on with the block at the start of `rest`, after damage.
  func isRunOfBlocks(_ rest: Span<UInt8>, _ order: ByteOrder, isLast: Bool) -> RecordBelief {
    guard rest.count >= 12 else { return isLast ? .implausible : .needs(12) }
    switch framing(rest, at: 0, order) {
    case .none: return .implausible
    case .section: return .plausible
    case .unknown: return .implausible
    case .cut(let octets): return isLast ? .implausible : .needs(octets)
    case .known(let type, let length):
      guard agrees(type, rest.extracting(..<length), order) else { return .implausible }
      guard length < rest.count || !isLast else { return .plausible }
      guard rest.count >= length + 12 else {
        return isLast ? .plausible : .needs(length + 12)
      }
      switch framing(rest, at: length, order) {
      case .none: return .implausible
      case .section, .known, .unknown: return .plausible
      case .cut(let octets): return isLast ? .plausible : .needs(octets)
      }
    }
  }

  /// What the two lengths of a block at some place say.
  private enum Framing {
    /// There is no block.
    case none
    /// A section header.
    case section
    /// A block of a type that is known.
    case known(type: UInt32, length: Int)
    /// A block of some other type.
    case unknown
    /// So many octets, from the window's start, would tell.
    case cut(Int)
  }

  private func framing(_ rest: Span<UInt8>, at start: Int, _ order: ByteOrder) -> Framing {
    var order = order
    let isSection = rest.word32(at: start, .big) == PcapngBlockType.section
    if isSection {
      switch rest.word32(at: start + 8, .big) {
      case 0x1A2B_3C4D: order = .big
      case 0x4D3C_2B1A: order = .little
      default: return .none
      }
    }
    let type = rest.word32(at: start, order)
    let length = Int(rest.word32(at: start + 4, order))
    guard length >= PcapngBlockType.minimumLength(of: type), length % 4 == 0,
      length <= Self.longestSearched
    else { return .none }
    guard start + length <= rest.count else { return .cut(start + length) }
    guard Int(rest.word32(at: start + length - 4, order)) == length else { return .none }
    if isSection { return .section }
    return Self.isKnown(type) ? .known(type: type, length: length) : .unknown
  }

  /// Whether a packet's block agrees with what the section has described.
  private func agrees(_ type: UInt32, _ block: Span<UInt8>, _ order: ByteOrder) -> Bool {
    switch type {
    case PcapngBlockType.enhancedPacket, PcapngBlockType.simplePacket,
      PcapngBlockType.obsoletePacket:
      var trial = self
      trial.order = order
      return (try? trial.readBlock(block, base: 0)) != nil
    default:
      return true
    }
  }

  /// The types of the draft's table that files have (draft-ietf-opsawg-pcapng §10.1): the blocks of
  /// the standard, decryption secrets, process information and the custom blocks.
  private static func isKnown(_ type: UInt32) -> Bool {
    switch type {
    case 1...12, 0x0BAD, 0x4000_0BAD, 0x8000_0001: true
    default: false
    }
  }
}
