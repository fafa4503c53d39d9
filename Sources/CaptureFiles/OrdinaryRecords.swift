/// The short way that nearly all packets take: one that is here whole, and has nothing special.
extension CaptureReader {
  /// Reads such a packet; nil for any other, which is left to the long way.
  @inline(__always)
  mutating func nextOrdinaryRecord(in window: Span<UInt8>, from start: Int) -> CaptureRecord? {
    switch format {
    case .pcap: nextOrdinaryPcapRecord(in: window, at: offset - start)
    case .pcapng: nextOrdinaryPacketBlock(in: window, at: offset - start)
    case nil: nil
    }
  }

  /// Reads a record of the standard layout that makes sense.
  @inline(__always)
  private mutating func nextOrdinaryPcapRecord(
    in window: Span<UInt8>, at base: Int
  ) -> CaptureRecord? {
    let room = window.count - base
    guard layout.variant == .standard, room >= 16 else { return nil }
    let words = PcapRecordWords(window, at: base, layout)
    let length = 16 + Int(words.captured)
    guard length <= min(room, Self.longestPart), words.isPlausible(in: layout) else { return nil }
    lastSeconds = words.seconds
    offset += length
    let clock = clocks[0]
    return CaptureRecord(
      time: clock.instant(ofSeconds: words.seconds, fraction: words.fraction),
      data: base + 16..<base + length, block: base..<base + length,
      originalLength: Int(words.original), interface: 0, linkType: clock.linkType,
      comments: [], flags: nil)
  }

  /// Reads an enhanced packet block that is sound and has no option but flags, and those first.
  @inline(__always)
  private mutating func nextOrdinaryPacketBlock(
    in window: Span<UInt8>, at base: Int
  ) -> CaptureRecord? {
    guard window.count - base >= 32 else { return nil }
    let block = window.extracting(base...)
    let length = Int(block.word32(at: 4, order))
    let captured = Int(block.word32(at: 20, order))
    let options = 28 + captured.roundedUpToWords
    guard block.word32(at: 0, order) == PcapngBlockType.enhancedPacket,
      length <= min(block.count, Self.longestPart), length % 4 == 0, options + 4 <= length,
      Int(block.word32(at: length - 4, order)) == length
    else { return nil }
    let index = firstInterface + Int(block.word32(at: 8, order))
    guard index < clocks.count else { return nil }
    var flags: PacketFlags?
    if options + 4 < length {
      guard length - options >= 16,
        block.word16(at: options, order) == PcapngOptionCode.packetFlags,
        block.word16(at: options + 2, order) == 4,
        block.word16(at: options + 8, order) == PcapngOptionCode.end
      else { return nil }
      flags = PacketFlags(rawValue: block.word32(at: options + 4, order))
    }
    offset += length
    let clock = clocks[index]
    let steps = UInt64(block.word32(at: 12, order)) << 32 | UInt64(block.word32(at: 16, order))
    return CaptureRecord(
      time: clock.instant(of: steps), data: base + 28..<base + 28 + captured,
      block: base..<base + length, originalLength: Int(block.word32(at: 24, order)),
      interface: index, linkType: clock.linkType, comments: [], flags: flags)
  }
}
