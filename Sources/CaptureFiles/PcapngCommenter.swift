/// Writes a capture file again with comments on its packets, and changes nothing else.
///
/// It is given the file's parts one after another, as ``CaptureReader/nextPart(in:from:isLast:)``
/// tells them, and appends what the copy holds. From pcapng every block comes over as it stands,
/// unknown ones and unknown options too, in the byte order of its section; only a section header
/// that tells its section's length is changed to tell none, for the comments make it longer. From
/// pcap only the container changes: one section in the file's byte order, one interface with the
/// file's link type, snapshot length, check sequence and resolution, and each time stays what it
/// was.
///
/// Comments that this program wrote before are recognised by ``mark`` and dropped: so a copy
/// without new comments is the file as it was before it was commented (but for an option list that
/// held nothing but its end mark).
public struct PcapngCommenter: Sendable {
  /// What every comment of this program begins with.
  public static let mark = "halfopen: "

  /// How many comments had no place: on simple packet blocks, which have no options and no time to
  /// turn them into others with, and where a block would have become too long to be read.
  public private(set) var placeless = 0

  /// The byte order of the section that is being copied.
  private var order = ByteOrder.little
  /// How the records of a pcap file are built; nil for pcapng.
  private var layout: PcapLayout?

  /// Creates a commenter that stands at the beginning of a file.
  public init() {}

  /// Appends the copy of one part.
  ///
  /// - Parameters:
  ///   - part: The part, with its ranges in `window`.
  ///   - window: The octets that the part was read from.
  ///   - comments: What to say of the packet, each with ``mark`` before it, at most
  ///     ``PcapngWriter/longestText`` octets; what is longer is cut. Of no use on other parts.
  ///   - out: Where the copy goes.
  public mutating func append(
    _ part: CapturePart, in window: Span<UInt8>, comments: [String] = [], to out: inout [UInt8]
  ) {
    let raw = window.extracting(part.range)
    switch part {
    case .pcapHeader(let layout, _): begin(layout, &out)
    case .block: append(block: raw, &out)
    case .record(let record):
      let start = record.block.lowerBound
      let data = record.data.lowerBound - start..<record.data.upperBound - start
      if layout == nil {
        append(packet: raw, comments, &out)
      } else {
        append(pcapRecord: raw, data, record, comments, &out)
      }
    }
  }
}

// From pcapng.
extension PcapngCommenter {
  private mutating func append(block: Span<UInt8>, _ out: inout [UInt8]) {
    let start = out.count
    out.append(copying: block)
    guard block.count >= 28, block.word32(at: 0, .big) == PcapngBlockType.section else { return }
    order = block.word32(at: 8, .big) == 0x1A2B_3C4D ? .big : .little
    for index in 16..<24 { out[start + index] = 0xFF }
  }

  private mutating func append(
    packet block: Span<UInt8>, _ comments: [String], _ out: inout [UInt8]
  ) {
    let type = block.word32(at: 0, order)
    guard type == PcapngBlockType.enhancedPacket || type == PcapngBlockType.obsoletePacket else {
      placeless += comments.count
      return out.append(copying: block)
    }
    let options = 28 + Int(block.word32(at: 20, order)).roundedUpToWords
    // A packet that fills its block to the last octet may lack even its padding.
    let area = min(options, block.count - 4)..<block.count - 4
    let kept = OptionsWithoutMark(in: block, area, order)
    guard !comments.isEmpty || kept.hasDropped else { return out.append(copying: block) }
    var body: [UInt8] = []
    body.append(copying: block.extracting(8..<area.lowerBound))
    add(comments, to: &body, leaving: kept.octets.count)
    let hasComments = body.count > area.lowerBound - 8
    if kept.hasOptions {
      body += kept.octets
    } else if hasComments {
      body.append(0 as UInt32, order)
    }
    close(type, body, &out)
  }

  /// Adds comments as options, in front: so that what ends the list stays at its end.
  private mutating func add(_ comments: [String], to body: inout [UInt8], leaving rest: Int) {
    for comment in comments {
      let text = comment.utf8Prefix(PcapngWriter.longestText)
      let length = 4 + text.count.roundedUpToWords
      guard body.count + length + rest + 16 <= CaptureReader.longestPart else {
        placeless += 1
        continue
      }
      body.append(PcapngOptionCode.comment, order)
      body.append(UInt16(clamping: text.count), order)
      body += text
      body.padToWords()
    }
  }

  private func close(_ type: UInt32, _ body: [UInt8], _ out: inout [UInt8]) {
    let length = UInt32(clamping: body.count + 12)
    out.append(type, order)
    out.append(length, order)
    out += body
    out.append(length, order)
  }
}

/// The option list of a packet without the comments that this program wrote.
private struct OptionsWithoutMark {
  /// The list as it stands, end mark and all that follows it included, without those comments.
  var octets: [UInt8] = []
  /// Whether there were such comments.
  var hasDropped = false
  /// Whether anything is left but an end mark that the comments had brought with them.
  var hasOptions: Bool { !octets.isEmpty && !(hasDropped && octets == [0, 0, 0, 0]) }

  init(in block: Span<UInt8>, _ area: Range<Int>, _ order: ByteOrder) {
    var walk = PcapngOptionWalk(in: area, order)
    var start = area.lowerBound
    while let option = (try? walk.next(in: block)) ?? nil {
      let end = min(walk.position, area.upperBound)
      if Self.isMarked(option, block) {
        hasDropped = true
      } else {
        octets.append(copying: block.extracting(start..<end))
      }
      start = end
    }
    octets.append(copying: block.extracting(start..<area.upperBound))
  }

  private static func isMarked(_ option: PcapngOption, _ block: Span<UInt8>) -> Bool {
    let mark = PcapngCommenter.mark.utf8
    guard option.code == PcapngOptionCode.comment, option.value.count >= mark.count else {
      return false
    }
    return zip(mark, option.value).allSatisfy { $0 == block[$1] }
  }
}

// From pcap.
extension PcapngCommenter {
  private mutating func begin(_ layout: PcapLayout, _ out: inout [UInt8]) {
    self.layout = layout
    order = layout.order
    var section: [UInt8] = []
    section.append(0x1A2B_3C4D as UInt32, order)
    section.append(1 as UInt16, order)
    section.append(0 as UInt16, order)
    section += [UInt8](repeating: 0xFF, count: 8)
    close(PcapngBlockType.section, section, &out)
    var interface: [UInt8] = []
    interface.append(layout.linkType, order)
    interface.append(0 as UInt16, order)
    interface.append(layout.snapLength, order)
    appendOption(
      PcapngOptionCode.interfaceResolution, layout.resolution.rawValue, to: &interface)
    if let bits = layout.checkSequenceBits {
      appendOption(PcapngOptionCode.interfaceCheckSequence, bits, to: &interface)
    }
    interface.append(0 as UInt32, order)
    close(PcapngBlockType.interface, interface, &out)
  }

  private func appendOption(_ code: UInt16, _ value: UInt8, to body: inout [UInt8]) {
    body.append(code, order)
    body.append(1 as UInt16, order)
    body += [value, 0, 0, 0]
  }

  private mutating func append(
    pcapRecord raw: Span<UInt8>, _ data: Range<Int>, _ record: CaptureRecord,
    _ comments: [String], _ out: inout [UInt8]
  ) {
    guard let layout else { return }
    let words = PcapRecordWords(raw, at: 0, layout)
    let second: UInt64 = layout.resolution == .nanoseconds ? 1_000_000_000 : 1_000_000
    // At most 2^32 · 10^9 + 2^32: it fits, and a fraction beyond a second is carried over.
    let steps = UInt64(words.seconds) * second + UInt64(words.fraction)
    var body: [UInt8] = []
    body.append(0 as UInt32, order)
    body.append(UInt32(truncatingIfNeeded: steps >> 32), order)
    body.append(UInt32(truncatingIfNeeded: steps), order)
    body.append(UInt32(clamping: data.count), order)
    body.append(UInt32(clamping: record.originalLength), order)
    body.append(copying: raw.extracting(data))
    body.padToWords()
    let before = body.count
    add(comments, to: &body, leaving: 12)
    if let flags = record.flags {
      body.append(PcapngOptionCode.packetFlags, order)
      body.append(4 as UInt16, order)
      body.append(flags.rawValue, order)
    }
    if body.count > before { body.append(0 as UInt32, order) }
    close(PcapngBlockType.enhancedPacket, body, &out)
  }
}

extension [UInt8] {
  /// Appends zeros up to the next multiple of four octets.
  mutating func padToWords() {
    while count % 4 != 0 { append(0) }
  }
}
