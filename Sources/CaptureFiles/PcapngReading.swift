/// The pcapng format (draft-ietf-opsawg-pcapng): blocks, each with its length at both ends.
extension CaptureReader {
  private static let blockOverhead = 12
  private static let sectionMinimum = 28

  /// Reads the block that begins `rest`; one that holds no packet is taken in or skipped.
  mutating func readBlock(_ rest: Span<UInt8>) throws(CaptureFileError) -> Progress {
    guard rest.count >= Self.blockOverhead else { return .needs(Self.blockOverhead, .block) }
    if rest.word32(at: 0, .big) == PcapngBlockType.section {
      order = try byteOrder(ofSection: rest)
    }
    let type = rest.word32(at: 0, order)
    let length = Int(rest.word32(at: 4, order))
    guard length <= Self.longestPart else {
      throw failure(.tooLong(.block, octets: length, limit: Self.longestPart))
    }
    guard length >= Self.minimumLength(ofBlock: type), length % 4 == 0 else {
      throw failure(.impossibleBlockLength(type: type, octets: length))
    }
    guard rest.count >= length else { return .needs(length, .block) }
    let last = Int(rest.word32(at: length - 4, order))
    guard last == length else { throw failure(.blockLengthsDiffer(first: length, last: last)) }
    do throws(CaptureFileProblem) {
      return try readContents(of: type, rest.extracting(..<length))
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

  private static func minimumLength(ofBlock type: UInt32) -> Int {
    switch type {
    case PcapngBlockType.section: sectionMinimum
    case PcapngBlockType.interface: 20
    case PcapngBlockType.simplePacket: 16
    case PcapngBlockType.statistics: 24
    case PcapngBlockType.enhancedPacket, PcapngBlockType.obsoletePacket: 32
    default: blockOverhead
    }
  }

  private mutating func readContents(
    of type: UInt32, _ block: Span<UInt8>
  ) throws(CaptureFileProblem) -> Progress {
    switch type {
    case PcapngBlockType.section: try readSection(block)
    case PcapngBlockType.interface: try readInterface(block)
    case PcapngBlockType.statistics: try readStatistics(block)
    case PcapngBlockType.simplePacket: return try readSimplePacket(block)
    case PcapngBlockType.enhancedPacket:
      return try readPacket(block, interface: Int(block.word32(at: 8, order)))
    case PcapngBlockType.obsoletePacket:
      return try readPacket(block, interface: Int(block.word16(at: 8, order)))
    default: break
    }
    return .skip(block.count)
  }

  private mutating func readSection(_ block: Span<UInt8>) throws(CaptureFileProblem) {
    let major = block.word16(at: 12, order)
    guard major == 1 else {
      throw .unsupportedVersion(major: major, minor: block.word16(at: 14, order))
    }
    let options = try block.pcapngOptions(in: 24..<block.count - 4, order)
    firstInterface = interfaces.count
    sections.append(
      CaptureSection(
        hardware: block.text(of: PcapngOptionCode.sectionHardware, among: options),
        operatingSystem: block.text(of: PcapngOptionCode.sectionOperatingSystem, among: options),
        application: block.text(of: PcapngOptionCode.sectionApplication, among: options),
        comments: block.comments(among: options)))
  }

  private mutating func readInterface(_ block: Span<UInt8>) throws(CaptureFileProblem) {
    let options = try block.pcapngOptions(in: 16..<block.count - 4, order)
    let resolution = options.first {
      $0.code == PcapngOptionCode.interfaceResolution && $0.value.count == 1
    }
    let offset = block.word64(of: PcapngOptionCode.interfaceOffset, among: options, order)
    interfaces.append(
      CaptureInterface(
        linkType: block.word16(at: 8, order), snapLength: block.word32(at: 12, order),
        name: block.text(of: PcapngOptionCode.interfaceName, among: options),
        resolution: resolution.map {
          TimestampResolution(rawValue: block[$0.value.lowerBound])
        } ?? .microseconds,
        timestampOffset: Int64(bitPattern: offset ?? 0),
        comments: block.comments(among: options)))
  }

  private mutating func readStatistics(_ block: Span<UInt8>) throws(CaptureFileProblem) {
    let index = try indexOfInterface(Int(block.word32(at: 8, order)))
    let options = try block.pcapngOptions(in: 20..<block.count - 4, order)
    interfaces[index].statistics = InterfaceStatistics(
      received: block.word64(of: PcapngOptionCode.statisticsReceived, among: options, order),
      dropped: block.word64(of: PcapngOptionCode.statisticsDropped, among: options, order))
  }

  /// Reads an enhanced or an obsolete packet block: they differ only in the interface's field.
  private func readPacket(
    _ block: Span<UInt8>, interface number: Int
  ) throws(CaptureFileProblem) -> Progress {
    let index = try indexOfInterface(number)
    let captured = Int(block.word32(at: 20, order))
    let room = block.count - 32
    guard captured <= room else { throw .packetExceedsBlock(octets: captured, room: room) }
    let interface = interfaces[index]
    let steps = UInt64(block.word32(at: 12, order)) << 32 | UInt64(block.word32(at: 16, order))
    let options = try block.pcapngOptions(
      in: 28 + captured.roundedUpToWords..<block.count - 4, order)
    let flags = options.first {
      $0.code == PcapngOptionCode.packetFlags && $0.value.count == 4
    }
    let record = CaptureRecord(
      time: interface.resolution.instant(of: steps, offset: interface.timestampOffset),
      data: 28..<28 + captured, originalLength: Int(block.word32(at: 24, order)),
      interface: index, linkType: interface.linkType,
      comments: block.comments(among: options),
      flags: flags.map { PacketFlags(rawValue: block.word32(at: $0.value.lowerBound, order)) })
    return .record(record, block.count)
  }

  /// Reads a packet of the section's first interface, whose captured length has to be worked out.
  private func readSimplePacket(_ block: Span<UInt8>) throws(CaptureFileProblem) -> Progress {
    let index = try indexOfInterface(0)
    let interface = interfaces[index]
    let original = Int(block.word32(at: 8, order))
    let kept = interface.snapLength > 0 ? min(original, Int(interface.snapLength)) : original
    let room = block.count - 16
    guard kept <= room else { throw .packetExceedsBlock(octets: kept, room: room) }
    let record = CaptureRecord(
      time: nil, data: 12..<12 + kept, originalLength: original, interface: index,
      linkType: interface.linkType, comments: [], flags: nil)
    return .record(record, block.count)
  }

  private func indexOfInterface(_ number: Int) throws(CaptureFileProblem) -> Int {
    let described = interfaces.count - firstInterface
    guard number < described else {
      throw .unknownInterface(number: number, described: described)
    }
    return firstInterface + number
  }
}
