public import Determinism

/// Writes the pcapng format, little endian, times in nanoseconds.
///
/// Every method appends one whole block, so that a driver that writes out what it has between two
/// calls leaves a readable file whenever it is killed.
public struct PcapngWriter: Hashable, Sendable {
  /// How many interfaces the section has.
  public private(set) var interfaceCount = 0

  /// The longest text an option holds, in octets.
  public static let longestText = Int(UInt16.max)

  /// Creates a writer that has written nothing yet.
  public init() {}

  /// Appends the section header that the file begins with; numbers of interfaces start again at 0.
  public mutating func appendSection(_ section: CaptureSection, to bytes: inout [UInt8]) {
    interfaceCount = 0
    var block = Block(PcapngBlockType.section)
    block.body.appendLittleEndian(0x1A2B_3C4D as UInt32)
    block.body.appendLittleEndian(1 as UInt16)
    block.body.appendLittleEndian(0 as UInt16)
    block.body.appendLittleEndian(UInt64.max)
    for comment in section.comments { block.append(PcapngOptionCode.comment, comment) }
    block.append(PcapngOptionCode.sectionHardware, section.hardware)
    block.append(PcapngOptionCode.sectionOperatingSystem, section.operatingSystem)
    block.append(PcapngOptionCode.sectionApplication, section.application)
    block.close(into: &bytes)
  }

  /// Appends the description of an interface, always with nanoseconds and no time offset.
  ///
  /// - Returns: The interface's number, which its packets name.
  public mutating func appendInterface(
    _ interface: CaptureInterface, to bytes: inout [UInt8]
  ) -> Int {
    var block = Block(PcapngBlockType.interface)
    block.body.appendLittleEndian(interface.linkType)
    block.body.appendLittleEndian(0 as UInt16)
    block.body.appendLittleEndian(interface.snapLength)
    for comment in interface.comments { block.append(PcapngOptionCode.comment, comment) }
    block.append(PcapngOptionCode.interfaceName, interface.name)
    block.append(
      PcapngOptionCode.interfaceResolution, octets: [TimestampResolution.nanoseconds.rawValue])
    block.close(into: &bytes)
    interfaceCount += 1
    return interfaceCount - 1
  }

  /// Appends one packet as an enhanced packet block.
  ///
  /// - Parameters:
  ///   - frame: What was captured, up to ``CaptureReader/longestPart`` octets with its comments.
  ///   - time: When, since 1970; what was before 1970 is written as 1970.
  ///   - originalLength: The frame's octets on the wire; `frame.count` when nil.
  ///   - interface: The number that ``appendInterface(_:to:)`` gave.
  ///   - comments: Texts of at most ``longestText`` octets; what is longer is cut.
  ///   - flags: Direction and checksum facts; nil when not known.
  ///   - bytes: Where the block goes.
  public func appendPacket(
    _ frame: Span<UInt8>, at time: Instant, originalLength: Int? = nil, interface: Int = 0,
    comments: [String] = [], flags: PacketFlags? = nil, to bytes: inout [UInt8]
  ) {
    var block = Block(PcapngBlockType.enhancedPacket)
    block.body.appendLittleEndian(UInt32(clamping: interface))
    block.body.append(time: time)
    block.body.appendLittleEndian(UInt32(clamping: frame.count))
    block.body.appendLittleEndian(UInt32(clamping: originalLength ?? frame.count))
    block.body.append(copying: frame)
    block.pad()
    for comment in comments { block.append(PcapngOptionCode.comment, comment) }
    if let flags {
      block.append(PcapngOptionCode.packetFlags, number: flags.rawValue)
    }
    block.close(into: &bytes)
  }

  /// Appends what became of an interface's packets; at the end of a capture.
  public func appendStatistics(
    _ statistics: InterfaceStatistics, interface: Int, at time: Instant, to bytes: inout [UInt8]
  ) {
    var block = Block(PcapngBlockType.statistics)
    block.body.appendLittleEndian(UInt32(clamping: interface))
    block.body.append(time: time)
    block.append(PcapngOptionCode.statisticsReceived, number: statistics.received)
    block.append(PcapngOptionCode.statisticsDropped, number: statistics.dropped)
    block.close(into: &bytes)
  }
}

extension PcapngWriter {
  /// A block in the making: its type, and what stands between its two lengths.
  private struct Block {
    let type: UInt32
    var body: [UInt8] = []
    var hasOptions = false

    init(_ type: UInt32) {
      self.type = type
    }

    mutating func pad() {
      while body.count % 4 != 0 { body.append(0) }
    }

    mutating func append(_ code: UInt16, octets: [UInt8]) {
      body.appendLittleEndian(code)
      body.appendLittleEndian(UInt16(clamping: octets.count))
      body += octets
      pad()
      hasOptions = true
    }

    mutating func append(_ code: UInt16, _ text: String?) {
      guard let text else { return }
      append(code, octets: Array(text.utf8Prefix(PcapngWriter.longestText)))
    }

    mutating func append(_ code: UInt16, number: UInt32) {
      var octets: [UInt8] = []
      octets.appendLittleEndian(number)
      append(code, octets: octets)
    }

    mutating func append(_ code: UInt16, number: UInt64?) {
      guard let number else { return }
      var octets: [UInt8] = []
      octets.appendLittleEndian(number)
      append(code, octets: octets)
    }

    func close(into bytes: inout [UInt8]) {
      let length = UInt32(clamping: body.count + (hasOptions ? 4 : 0) + 12)
      bytes.appendLittleEndian(type)
      bytes.appendLittleEndian(length)
      bytes += body
      if hasOptions { bytes.appendLittleEndian(0 as UInt32) }
      bytes.appendLittleEndian(length)
    }
  }
}

extension [UInt8] {
  /// Appends a timestamp of nanoseconds, upper half first as the format wants it.
  fileprivate mutating func append(time: Instant) {
    let steps = UInt64(clamping: time.nanoseconds)
    appendLittleEndian(UInt32(truncatingIfNeeded: steps >> 32))
    appendLittleEndian(UInt32(truncatingIfNeeded: steps))
  }
}

extension String {
  /// The longest beginning of at most `limit` octets of UTF-8 that cuts no character.
  func utf8Prefix(_ limit: Int) -> Substring.UTF8View {
    guard utf8.count > limit else { return self[...].utf8 }
    var end = utf8.index(startIndex, offsetBy: limit)
    while String.Index(end, within: unicodeScalars) == nil { end = utf8.index(before: end) }
    return self[..<end].utf8
  }
}
