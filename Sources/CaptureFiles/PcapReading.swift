/// The records of the pcap format (draft-ietf-opsawg-pcap §5).
extension CaptureReader {
  mutating func readPcapRecord(
    _ rest: Span<UInt8>, base: Int, isLast: Bool
  ) throws(CaptureFileError) -> Progress {
    let header = layout.recordHeaderLength
    guard rest.count >= header else { return .needs(header, .record) }
    let words = PcapRecordWords(rest, at: 0, layout)
    let captured = Int(words.captured)
    guard captured <= Self.longestPart - header else {
      throw failure(.tooLong(.record, octets: captured, limit: Self.longestPart - header))
    }
    let length = header + captured
    if isWary, !words.isPlausible(in: layout), length <= rest.count {
      switch successor(of: words, in: rest, at: length, isLast: isLast) {
      case .plausible: break
      case .needs(let octets): return .needs(octets, .record)
      case .implausible: throw failure(.implausibleRecord)
      }
    }
    guard rest.count >= length else { return .needs(length, .record) }
    lastSeconds = words.seconds
    let padding = min(layout.padding, captured)
    let clock = clocks[0]
    return .record(
      CaptureRecord(
        time: clock.instant(ofSeconds: words.seconds, fraction: words.fraction),
        data: base + header + padding..<base + length, block: base..<base + length,
        originalLength: max(0, Int(words.original) - padding), interface: 0,
        linkType: clock.linkType, comments: [], flags: flags(of: rest)))
  }

  /// What the modified variants tell of a packet's direction: Linux's PACKET_ types
  /// (linux/if_packet.h) in the flags of pcapng.
  private func flags(of record: Span<UInt8>) -> PacketFlags? {
    switch layout.variant {
    case .standard, .nokia, .aix: nil
    case .modified, .modifiedWithProcessor:
      switch record[22] {
      case 0: [.inbound, PacketFlags(rawValue: 1 << 2)]
      case 1: [.inbound, PacketFlags(rawValue: 3 << 2)]
      case 2: [.inbound, PacketFlags(rawValue: 2 << 2)]
      case 3: [.inbound, PacketFlags(rawValue: 4 << 2)]
      case 4: .outbound
      default: nil
      }
    }
  }
}

/// The four words that every record's header begins with.
struct PcapRecordWords {
  let seconds: UInt32
  let fraction: UInt32
  let captured: UInt32
  let original: UInt32

  @inline(__always)
  init(_ bytes: Span<UInt8>, at start: Int, _ layout: PcapLayout) {
    seconds = bytes.word32(at: start, layout.order)
    fraction = bytes.word32(at: start + 4, layout.order)
    let first = bytes.word32(at: start + 8, layout.order)
    let second = bytes.word32(at: start + 12, layout.order)
    switch layout.lengths {
    case .capturedFirst: (captured, original) = (first, second)
    case .wireFirst: (captured, original) = (second, first)
    case .largerIsWire: (captured, original) = (min(first, second), max(first, second))
    }
  }
}
