/// One option of a pcapng block: a code and where its value lies in the block.
struct PcapngOption {
  var code: UInt16
  var value: Range<Int>
}

/// The codes of the options that are read or written (draft-ietf-opsawg-pcapng §3.5, §4).
enum PcapngOptionCode {
  static let end: UInt16 = 0
  static let comment: UInt16 = 1
  static let sectionHardware: UInt16 = 2
  static let sectionOperatingSystem: UInt16 = 3
  static let sectionApplication: UInt16 = 4
  static let interfaceName: UInt16 = 2
  static let interfaceResolution: UInt16 = 9
  static let interfaceOffset: UInt16 = 14
  static let packetFlags: UInt16 = 2
  static let statisticsReceived: UInt16 = 4
  static let statisticsDropped: UInt16 = 5
}

/// The types of blocks that are read or written (draft-ietf-opsawg-pcapng §4).
enum PcapngBlockType {
  static let section: UInt32 = 0x0A0D_0D0A
  static let interface: UInt32 = 1
  static let obsoletePacket: UInt32 = 2
  static let simplePacket: UInt32 = 3
  static let statistics: UInt32 = 5
  static let enhancedPacket: UInt32 = 6
}

extension Span<UInt8> {
  /// Splits what stands in `area` into options, up to the end mark or the area's end.
  ///
  /// - Throws: ``CaptureFileProblem/optionExceedsBlock(code:)``.
  func pcapngOptions(
    in area: Range<Int>, _ order: ByteOrder
  ) throws(CaptureFileProblem) -> [PcapngOption] {
    var options: [PcapngOption] = []
    var offset = area.lowerBound
    while offset + 4 <= area.upperBound {
      let code = word16(at: offset, order)
      let length = Int(word16(at: offset + 2, order))
      guard code != PcapngOptionCode.end else { break }
      let start = offset + 4
      guard start + length <= area.upperBound else { throw .optionExceedsBlock(code: code) }
      options.append(PcapngOption(code: code, value: start..<start + length))
      offset = start + length.roundedUpToWords
    }
    return options
  }

  /// The value of `option` as text; octets that are no UTF-8 become replacement characters.
  func text(of option: PcapngOption) -> String {
    String(decoding: octets(in: option.value), as: UTF8.self)
  }

  /// The values of all comments among `options`.
  func comments(among options: [PcapngOption]) -> [String] {
    options.filter { $0.code == PcapngOptionCode.comment }.map { text(of: $0) }
  }

  /// The value of the option `code` as text; nil when there is none.
  func text(of code: UInt16, among options: [PcapngOption]) -> String? {
    options.first { $0.code == code }.map { text(of: $0) }
  }

  /// The value of the option `code` as a number of eight octets; nil when there is none such.
  func word64(of code: UInt16, among options: [PcapngOption], _ order: ByteOrder) -> UInt64? {
    options.first { $0.code == code && $0.value.count == 8 }
      .map { word64(at: $0.value.lowerBound, order) }
  }
}

extension CaptureFileProblem: Error {}

extension Int {
  /// The next multiple of four, to which pcapng pads.
  var roundedUpToWords: Int { (self + 3) & ~3 }
}
