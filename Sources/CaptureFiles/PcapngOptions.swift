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
  static let interfaceCheckSequence: UInt16 = 13
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
  static let names: UInt32 = 4
  static let statistics: UInt32 = 5
  static let enhancedPacket: UInt32 = 6

  /// The length that a block of `type` has at least, in octets.
  static func minimumLength(of type: UInt32) -> Int {
    switch type {
    case section: 28
    case interface: 20
    case simplePacket: 16
    case statistics: 24
    case enhancedPacket, obsoletePacket: 32
    default: 12
    }
  }
}

/// Walks over the options in a part of a block, up to the end mark or the part's end.
struct PcapngOptionWalk {
  private var offset: Int
  private let end: Int
  private let order: ByteOrder

  init(in area: Range<Int>, _ order: ByteOrder) {
    offset = area.lowerBound
    end = area.upperBound
    self.order = order
  }

  /// Where the next option would begin.
  var position: Int { offset }

  /// Gives the next option; nil behind the last.
  ///
  /// - Throws: ``CaptureFileProblem/optionExceedsBlock(code:)``.
  mutating func next(in block: Span<UInt8>) throws(CaptureFileProblem) -> PcapngOption? {
    guard offset + 4 <= end else { return nil }
    let code = block.word16(at: offset, order)
    guard code != PcapngOptionCode.end else { return nil }
    let start = offset + 4
    let length = Int(block.word16(at: offset + 2, order))
    guard start + length <= end else { throw .optionExceedsBlock(code: code) }
    offset = start + length.roundedUpToWords
    return PcapngOption(code: code, value: start..<start + length)
  }
}

extension Span<UInt8> {
  /// All options in `area`, up to the end mark or the area's end.
  ///
  /// - Throws: ``CaptureFileProblem/optionExceedsBlock(code:)``.
  func pcapngOptions(
    in area: Range<Int>, _ order: ByteOrder
  ) throws(CaptureFileProblem) -> [PcapngOption] {
    var options: [PcapngOption] = []
    var walk = PcapngOptionWalk(in: area, order)
    while let option = try walk.next(in: self) { options.append(option) }
    return options
  }

  /// The octets in `range` as text; those that are no UTF-8 become replacement characters.
  func text(in range: Range<Int>) -> String {
    String(decoding: octets(in: range), as: UTF8.self)
  }

  /// The value of the option `code` as a number of eight octets; nil when there is none such.
  func word64(of code: UInt16, among options: [PcapngOption], _ order: ByteOrder) -> UInt64? {
    options.first { $0.code == code && $0.value.count == 8 }
      .map { word64(at: $0.value.lowerBound, order) }
  }

  /// The value of the option `code` as one octet; nil when there is none such.
  func octet(of code: UInt16, among options: [PcapngOption]) -> UInt8? {
    options.first { $0.code == code && $0.value.count == 1 }.map { self[$0.value.lowerBound] }
  }
}

extension CaptureFileProblem: Error {}

extension Int {
  /// The next multiple of four, to which pcapng pads.
  var roundedUpToWords: Int { (self + 3) & ~3 }
}
