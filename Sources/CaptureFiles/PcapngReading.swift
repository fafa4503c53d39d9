/// The pcapng format (draft-ietf-opsawg-pcapng): blocks, each with its length at both ends.
///
/// What is read: section headers, interface descriptions and statistics, enhanced, simple and
/// obsolete packets, name resolution. All else (decryption secrets, journal entries, custom and
/// unknown blocks) is passed over by its length.
extension CaptureReader {
  private static let blockOverhead = 12

  /// Reads the block that begins `rest`; one that holds no packet is taken in or skipped.
  mutating func readBlock(_ rest: Span<UInt8>, base: Int) throws(CaptureFileError) -> Progress {
    guard rest.count >= Self.blockOverhead else { return .needs(Self.blockOverhead, .block) }
    if rest.word32(at: 0, .big) == PcapngBlockType.section {
      order = try byteOrder(ofSection: rest)
    }
    let type = rest.word32(at: 0, order)
    let length = Int(rest.word32(at: 4, order))
    guard length <= Self.longestPart else {
      throw failure(.tooLong(.block, octets: length, limit: Self.longestPart))
    }
    guard length >= PcapngBlockType.minimumLength(of: type), length % 4 == 0 else {
      throw failure(.impossibleBlockLength(type: type, octets: length))
    }
    guard rest.count >= length else { return .needs(length, .block) }
    let last = Int(rest.word32(at: length - 4, order))
    guard last == length else { throw failure(.blockLengthsDiffer(first: length, last: last)) }
    do throws(CaptureFileProblem) {
      return try readContents(of: type, rest.extracting(..<length), base: base)
    } catch {
      throw failure(error)
    }
  }

  private func byteOrder(ofSection rest: Span<UInt8>) throws(CaptureFileError) -> ByteOrder {
    switch rest.word32(at: 8, .big) {
    case 0x1A2B_3C4D: .big
    case 0x4D3C_2B1A: .little
    case let magic: throw failure(.unknownByteOrder(magic))
    }
  }

  private mutating func readContents(
    of type: UInt32, _ block: Span<UInt8>, base: Int
  ) throws(CaptureFileProblem) -> Progress {
    switch type {
    case PcapngBlockType.enhancedPacket:
      return try readPacket(block, base, interface: Int(block.word32(at: 8, order)))
    case PcapngBlockType.simplePacket: return try readSimplePacket(block, base)
    case PcapngBlockType.obsoletePacket:
      return try readPacket(block, base, interface: Int(block.word16(at: 8, order)))
    case PcapngBlockType.section: try readSection(block)
    case PcapngBlockType.interface: try readInterface(block)
    case PcapngBlockType.statistics: try readStatistics(block)
    case PcapngBlockType.names: readNames(block)
    default: break
    }
    return .skip(block.count)
  }

  /// Reads an enhanced or an obsolete packet block: they differ only in the interface's field.
  private func readPacket(
    _ block: Span<UInt8>, _ base: Int, interface number: Int
  ) throws(CaptureFileProblem) -> Progress {
    let index = try indexOfInterface(number)
    let captured = Int(block.word32(at: 20, order))
    let room = block.count - 32
    guard captured <= room else { throw .packetExceedsBlock(octets: captured, room: room) }
    let clock = clocks[index]
    let steps = UInt64(block.word32(at: 12, order)) << 32 | UInt64(block.word32(at: 16, order))
    var record = CaptureRecord(
      time: clock.instant(of: steps), data: base + 28..<base + 28 + captured,
      block: base..<base + block.count, originalLength: Int(block.word32(at: 24, order)),
      interface: index, linkType: clock.linkType, comments: [], flags: nil)
    var walk = PcapngOptionWalk(
      in: 28 + captured.roundedUpToWords..<block.count - 4, order)
    while let option = try walk.next(in: block) {
      switch option.code {
      case PcapngOptionCode.comment: record.comments.append(block.text(in: option.value))
      case PcapngOptionCode.packetFlags where option.value.count == 4 && record.flags == nil:
        record.flags = PacketFlags(rawValue: block.word32(at: option.value.lowerBound, order))
      default: break
      }
    }
    return .record(record)
  }

  /// Reads a packet of the section's first interface, whose captured length has to be worked out.
  private func readSimplePacket(
    _ block: Span<UInt8>, _ base: Int
  ) throws(CaptureFileProblem) -> Progress {
    let index = try indexOfInterface(0)
    let clock = clocks[index]
    let original = Int(block.word32(at: 8, order))
    let kept = clock.snapLength > 0 ? min(original, Int(clock.snapLength)) : original
    let room = block.count - 16
    guard kept <= room else { throw .packetExceedsBlock(octets: kept, room: room) }
    return .record(
      CaptureRecord(
        time: nil, data: base + 12..<base + 12 + kept, block: base..<base + block.count,
        originalLength: original, interface: index, linkType: clock.linkType, comments: [],
        flags: nil))
  }

  func indexOfInterface(_ number: Int) throws(CaptureFileProblem) -> Int {
    let described = interfaces.count - firstInterface
    guard number < described else {
      throw .unknownInterface(number: number, described: described)
    }
    return firstInterface + number
  }
}
