/// The blocks of pcapng that describe where packets come from (draft-ietf-opsawg-pcapng §4.1, §4.2,
/// §4.5, §4.6).
extension CaptureReader {
  mutating func readSection(_ block: Span<UInt8>) throws(CaptureFileProblem) {
    let major = block.word16(at: 12, order)
    guard major == 1 else {
      throw .unsupportedVersion(major: major, minor: block.word16(at: 14, order))
    }
    let options = try block.pcapngOptions(in: 24..<block.count - 4, order)
    firstInterface = interfaces.count
    guard sections.count < Self.mostInterfaces else { return }
    sections.append(
      CaptureSection(
        hardware: text(of: PcapngOptionCode.sectionHardware, among: options, block),
        operatingSystem: text(of: PcapngOptionCode.sectionOperatingSystem, among: options, block),
        application: text(of: PcapngOptionCode.sectionApplication, among: options, block),
        comments: comments(among: options, block)))
  }

  mutating func readInterface(_ block: Span<UInt8>) throws(CaptureFileProblem) {
    let options = try block.pcapngOptions(in: 16..<block.count - 4, order)
    try add(interface(block, options))
  }

  /// The interface that the block's first 16 octets and `options` describe.
  mutating func interface(_ block: Span<UInt8>, _ options: [PcapngOption]) -> CaptureInterface {
    let offset = block.word64(of: PcapngOptionCode.interfaceOffset, among: options, order)
    return CaptureInterface(
      linkType: block.word16(at: 8, order), snapLength: block.word32(at: 12, order),
      name: text(of: PcapngOptionCode.interfaceName, among: options, block),
      resolution: block.octet(of: PcapngOptionCode.interfaceResolution, among: options)
        .map(TimestampResolution.init(rawValue:)) ?? .microseconds,
      timestampOffset: Int64(bitPattern: offset ?? 0),
      checkSequenceBits: block.octet(of: PcapngOptionCode.interfaceCheckSequence, among: options),
      comments: comments(among: options, block))
  }

  mutating func readStatistics(_ block: Span<UInt8>) throws(CaptureFileProblem) {
    let index = try indexOfInterface(Int(block.word32(at: 8, order)))
    let options = try block.pcapngOptions(in: 20..<block.count - 4, order)
    interfaces[index].statistics = InterfaceStatistics(
      received: block.word64(of: PcapngOptionCode.statisticsReceived, among: options, order),
      dropped: block.word64(of: PcapngOptionCode.statisticsDropped, among: options, order))
  }

  /// Takes in the names of addresses; what is wrong with a record ends the block's reading, for no
  /// packet depends on it.
  mutating func readNames(_ block: Span<UInt8>) {
    var offset = 8
    let end = block.count - 4
    while offset + 4 <= end {
      let type = block.word16(at: offset, order)
      let start = offset + 4
      let next = start + Int(block.word16(at: offset + 2, order))
      guard type != 0, next <= end else { return }
      switch type {
      case 1 where next - start > 4:
        let address = block.word32(at: start, .big)
        names.add(block.extracting(start + 4..<next), ofIPv4: address)
      case 2 where next - start > 16:
        names.add(
          block.extracting(start + 16..<next), ofIPv6: block.word64(at: start, .big),
          block.word64(at: start + 8, .big))
      default: break
      }
      offset = start + (next - start).roundedUpToWords
    }
  }

  /// The first value of the option `code` as text; nil when there is none, or too much text was
  /// kept already.
  private mutating func text(
    of code: UInt16, among options: [PcapngOption], _ block: Span<UInt8>
  ) -> String? {
    options.first { $0.code == code }.flatMap { kept($0, block) }
  }

  private mutating func comments(
    among options: [PcapngOption], _ block: Span<UInt8>
  ) -> [String] {
    options.compactMap { $0.code == PcapngOptionCode.comment ? kept($0, block) : nil }
  }

  private mutating func kept(_ option: PcapngOption, _ block: Span<UInt8>) -> String? {
    guard option.value.count < textBudget else { return nil }
    // An empty text costs its place too.
    textBudget -= option.value.count + 1
    return block.text(in: option.value)
  }
}
