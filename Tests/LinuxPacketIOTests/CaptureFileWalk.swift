import Foundation

/// A look at a capture file that trusts nothing: how many whole records it has, and what is left.
struct CaptureFileWalk {
  /// The number of whole packet records.
  private(set) var packets = 0
  /// What was kept of each packet (pcap only).
  private(set) var frames: [[UInt8]] = []
  /// The flags of each packet that has any (pcapng only).
  private(set) var flags: [UInt32] = []
  /// The number of whole statistics blocks (pcapng only).
  private(set) var statistics = 0
  /// What frames begin with (pcap only).
  private(set) var linkType: UInt32 = 0
  /// Octets behind the last whole record: 0 in a complete file.
  private(set) var leftOver = 0

  private let octets: [UInt8]

  /// Walks over a file in little-endian pcap with nanoseconds, or pcapng.
  init(_ data: Data) {
    octets = Array(data)
    switch word(at: 0) {
    case 0xA1B2_3C4D: walkPcap()
    case 0x0A0D_0D0A: walkPcapng()
    default: leftOver = octets.count
    }
  }

  /// Whether the file is there, and nothing of it is half-written.
  var isComplete: Bool { !octets.isEmpty && leftOver == 0 }

  private mutating func walkPcap() {
    var offset = 24
    linkType = word(at: 20) ?? 0
    while let length = word(at: offset + 8), offset + 16 + Int(length) <= octets.count {
      packets += 1
      frames.append(Array(octets[(offset + 16)...].prefix(Int(length))))
      offset += 16 + Int(length)
    }
    leftOver = octets.count - offset
  }

  private mutating func walkPcapng() {
    var offset = 0
    while let length = word(at: offset + 4), length >= 12, offset + Int(length) <= octets.count,
      word(at: offset + Int(length) - 4) == length
    {
      if word(at: offset) == 6 {
        packets += 1
        noteFlags(at: offset)
      }
      statistics += word(at: offset) == 5 ? 1 : 0
      offset += Int(length)
    }
    leftOver = octets.count - offset
  }

  /// Looks for the option of flags where a packet block's options begin.
  private mutating func noteFlags(at offset: Int) {
    let kept = Int(word(at: offset + 20) ?? 0)
    let option = offset + 28 + (kept + 3) / 4 * 4
    guard word(at: option) == 0x0004_0002, let found = word(at: option + 4) else { return }
    flags.append(found)
  }

  private func word(at offset: Int) -> UInt32? {
    guard offset + 4 <= octets.count else { return nil }
    return (0..<4).reversed().reduce(0) { $0 << 8 | UInt32(octets[offset + $1]) }
  }
}
