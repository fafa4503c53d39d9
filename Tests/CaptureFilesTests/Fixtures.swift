import CaptureFiles
import Determinism

/// Writes capture files in every byte order and resolution, independently of the writers under
/// test.
struct FileBuilder {
  var bytes: [UInt8] = []
  let order: ByteOrder

  init(_ order: ByteOrder) {
    self.order = order
  }

  mutating func append(_ value: UInt64, octets count: Int) {
    let shifts = (0..<count).map { UInt64($0 * 8) }
    for shift in order == .little ? shifts : shifts.reversed() {
      bytes.append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }

  mutating func words(_ values: UInt64...) {
    for value in values { append(value, octets: 4) }
  }

  mutating func halves(_ values: UInt64...) {
    for value in values { append(value, octets: 2) }
  }

  mutating func pcapHeader(
    magic: UInt64, linkType: UInt64, major: UInt64 = 2, minor: UInt64 = 4
  ) {
    words(magic)
    halves(major, minor)
    words(0, 0, 65_535, linkType)
  }

  mutating func block(_ type: UInt64, _ body: (inout FileBuilder) -> Void) {
    var inner = FileBuilder(order)
    body(&inner)
    while inner.bytes.count % 4 != 0 { inner.bytes.append(0) }
    let length = UInt64(inner.bytes.count + 12)
    words(type, length)
    bytes += inner.bytes
    words(length)
  }

  mutating func option(_ code: UInt64, _ value: [UInt8]) {
    halves(code, UInt64(value.count))
    bytes += value
    while bytes.count % 4 != 0 { bytes.append(0) }
  }

  mutating func section(
    length: UInt64 = .max, options: (inout FileBuilder) -> Void = { _ in }
  ) {
    block(0x0A0D_0D0A) {
      $0.words(0x1A2B_3C4D)
      $0.halves(1, 0)
      $0.append(length, octets: 8)
      options(&$0)
    }
  }

  mutating func interface(
    linkType: UInt64, snapLength: UInt64 = 0, resolution: UInt8? = nil,
    options: (inout FileBuilder) -> Void = { _ in }
  ) {
    block(1) {
      $0.halves(linkType, 0)
      $0.words(snapLength)
      if let resolution { $0.option(9, [resolution]) }
      options(&$0)
    }
  }

  mutating func packet(
    _ data: [UInt8], steps: UInt64, interface: UInt64 = 0,
    options: (inout FileBuilder) -> Void = { _ in }
  ) {
    block(6) {
      $0.words(interface, steps >> 32, steps & 0xFFFF_FFFF, UInt64(data.count), UInt64(data.count))
      $0.bytes += data
      while $0.bytes.count % 4 != 0 { $0.bytes.append(0) }
      options(&$0)
    }
  }
}

/// Draws packets and files.
struct CaptureDraws {
  var chance: SeededGenerator

  init(seed: UInt64) {
    chance = SeededGenerator(seed: seed, stream: "capture files")
  }

  mutating func octets(upTo limit: UInt64) -> [UInt8] {
    (0..<chance.number(below: limit + 1)).map { _ in UInt8(truncatingIfNeeded: chance.next()) }
  }

  mutating func text() -> String {
    let words = ["SYN", "ä", "handshake ACK", "→", "", "two\nlines"]
    return words[Int(chance.number(below: UInt64(words.count)))]
  }

  mutating func packet(linkType: UInt16, interface: Int = 0, annotated: Bool) -> CapturedPacket {
    let bytes = octets(upTo: 40)
    return CapturedPacket(
      time: Instant(nanoseconds: Int64(chance.number(below: 4_000_000_000_000_000_000))),
      bytes: bytes, originalLength: bytes.count + Int(chance.number(below: 3)),
      interface: interface, linkType: linkType,
      comments: annotated ? (0..<chance.number(below: 3)).map { _ in text() } : [],
      flags: annotated && chance.chance(0.5)
        ? PacketFlags(rawValue: UInt32(truncatingIfNeeded: chance.next())) : nil)
  }

  /// A pcapng file by the writer, of two interfaces.
  mutating func pcapngFile(
    packets count: Int
  ) -> (file: [UInt8], packets: [CapturedPacket], boundaries: [Int]) {
    var writer = PcapngWriter()
    var file: [UInt8] = []
    var boundaries: [Int] = []
    var packets: [CapturedPacket] = []
    writer.appendSection(CaptureSection(application: "halfopen", comments: [text()]), to: &file)
    boundaries.append(file.count)
    for linkType: UInt16 in [1, 101] {
      _ = writer.appendInterface(
        CaptureInterface(linkType: linkType, name: "if\(linkType)"), to: &file)
      boundaries.append(file.count)
    }
    for _ in 0..<count {
      let interface = Int(chance.number(below: 2))
      let packet = packet(
        linkType: interface == 0 ? 1 : 101, interface: interface, annotated: true)
      writer.append(packet, to: &file)
      packets.append(packet)
      boundaries.append(file.count)
    }
    writer.appendStatistics(
      InterfaceStatistics(received: 7, dropped: 1), interface: 1, at: .zero, to: &file)
    boundaries.append(file.count)
    return (file, packets, boundaries)
  }

  /// A pcap file by the writer.
  mutating func pcapFile(
    packets count: Int
  ) -> (file: [UInt8], packets: [CapturedPacket], boundaries: [Int]) {
    let writer = PcapWriter(linkType: 113)
    var file: [UInt8] = []
    writer.appendHeader(to: &file)
    var boundaries = [file.count]
    let packets = (0..<count).map { _ in packet(linkType: 113, annotated: false) }
    for packet in packets {
      writer.append(
        packet.bytes.span, at: packet.time ?? .zero, originalLength: packet.originalLength,
        to: &file)
      boundaries.append(file.count)
    }
    return (file, packets, boundaries)
  }
}

extension PcapngWriter {
  func append(_ packet: CapturedPacket, to file: inout [UInt8]) {
    appendPacket(
      packet.bytes.span, at: packet.time ?? .zero, originalLength: packet.originalLength,
      interface: packet.interface, comments: packet.comments, flags: packet.flags, to: &file)
  }
}

extension CaptureContents {
  /// Reads `file` through a feed, in pieces of `size` octets.
  static func fed(_ file: [UInt8], by size: Int) -> (
    packets: [CapturedPacket], damage: CaptureFileError?
  ) {
    var feed = CaptureFeed()
    var packets: [CapturedPacket] = []
    var rest = file[...]
    do throws(CaptureFileError) {
      while true {
        switch try feed.next() {
        case .packet(let packet): packets.append(packet)
        case .end: return (packets, nil)
        case .needsMore where rest.isEmpty: feed.finish()
        case .needsMore:
          feed.append(Array(rest.prefix(size)))
          rest = rest.dropFirst(size)
        }
      }
    } catch {
      return (packets, error)
    }
  }
}
