import CaptureFiles
import Determinism

/// What a recovering reader makes of a file.
struct Recovered: Equatable {
  var packets: [CapturedPacket] = []
  var damages = CaptureDamages()
  var interfaces: [CaptureInterface] = []

  /// Reads a file that is all at hand.
  init(_ file: [UInt8]) {
    var reader = RecoveringReader()
    while case .record(let record) = reader.next(in: file.span) {
      packets.append(CapturedPacket(record, in: file.span))
    }
    damages = reader.damages
    interfaces = reader.reader.interfaces
  }

  /// Reads a file through a window of no more than what is asked for, and then `size` octets more.
  init(_ file: [UInt8], by size: Int) {
    var reader = RecoveringReader()
    var end = 0
    while true {
      let start = reader.reader.offset
      let window = Array(file[start..<end])
      switch reader.next(in: window.span, from: start, isLast: end == file.count) {
      case .record(let record): packets.append(CapturedPacket(record, in: window.span))
      case .needsMore(let octets):
        end = min(file.count, max(end + 1, reader.reader.offset + octets + size))
      case .end:
        damages = reader.damages
        interfaces = reader.reader.interfaces
        return
      }
    }
  }
}

extension CaptureDraws {
  /// A file as captures are: packets of some size, one soon after the other.
  mutating func orderlyFile(
    packets count: Int, isPcapng: Bool
  ) -> (file: [UInt8], packets: [CapturedPacket], ends: [Int]) {
    var file: [UInt8] = []
    var packets: [CapturedPacket] = []
    var ends: [Int] = []
    var pcapng = PcapngWriter()
    let pcap = PcapWriter(linkType: 1)
    if isPcapng {
      pcapng.appendSection(CaptureSection(application: "halfopen"), to: &file)
      _ = pcapng.appendInterface(CaptureInterface(linkType: 1, name: "eth0"), to: &file)
    } else {
      pcap.appendHeader(to: &file)
    }
    var time: Int64 = 1_700_000_000_000_000_000
    for _ in 0..<count {
      time += Int64(chance.number(below: 2_000_000_000))
      let bytes = [1, 2] + octets(upTo: 120)
      let packet = CapturedPacket(
        time: Instant(nanoseconds: time), bytes: bytes,
        originalLength: bytes.count + Int(chance.number(below: 2)), linkType: 1)
      if isPcapng {
        pcapng.append(packet, to: &file)
      } else {
        pcap.append(
          bytes.span, at: Instant(nanoseconds: time), originalLength: packet.originalLength,
          to: &file)
      }
      packets.append(packet)
      ends.append(file.count)
    }
    return (file, packets, ends)
  }

  /// Damages a file behind its description.
  mutating func damage(_ file: [UInt8], _ kind: DamageKind) -> DamagedFile {
    var octets = file
    let start = 100 + Int(chance.number(below: UInt64(file.count - 200)))
    switch kind {
    case .flip:
      let places = (0...chance.number(below: 4)).map { _ in
        100 + Int(chance.number(below: UInt64(file.count - 100)))
      }
      for place in places { octets[place] ^= 1 << UInt8(chance.number(below: 8)) }
      return DamagedFile(file: octets, touched: places.map { $0..<$0 + 1 })
    case .cut:
      return DamagedFile(file: Array(file.prefix(start)), touched: [start..<file.count])
    case .insertion:
      octets.insert(contentsOf: [0x5A] + self.octets(upTo: 300), at: start)
      return DamagedFile(file: octets, touched: [start..<start])
    case .zeros:
      let end = min(file.count, start + 1 + Int(chance.number(below: 512)))
      for index in start..<end { octets[index] = 0 }
      return DamagedFile(file: octets, touched: [start..<end])
    case .deletion:
      let end = min(file.count, start + 1 + Int(chance.number(below: 300)))
      octets.removeSubrange(start..<end)
      return DamagedFile(file: octets, touched: [start..<end])
    }
  }
}

/// The ways in which a file is damaged.
enum DamageKind: CaseIterable {
  case flip
  case cut
  case insertion
  case zeros
  case deletion
}

/// A damaged file, and where the whole one was touched.
struct DamagedFile {
  var file: [UInt8]
  var touched: [Range<Int>]

  /// Where the damage begins.
  var first: Int { touched.map(\.lowerBound).min() ?? file.count }

  /// Whether a record of the whole file was touched; an insertion touches the record around it.
  func touches(from start: Int, to end: Int) -> Bool {
    touched.contains {
      $0.isEmpty ? start < $0.lowerBound && $0.lowerBound < end : $0.overlaps(start..<end)
    }
  }
}

/// What became of the records behind damage.
struct RecoveryTally {
  /// Records that the damage left alone.
  var untouched = 0
  /// Those of them that did not come.
  var lost = 0
  /// What came and is no record, beyond one for each that the damage altered.
  var invented = 0

  mutating func add(
    came: ArraySlice<CapturedPacket>, of packets: [CapturedPacket], untouched: [Int], altered: Int
  ) {
    let all = Set(packets)
    let those = Set(came)
    self.untouched += untouched.count
    lost += untouched.count { !those.contains(packets[$0]) }
    invented += max(0, came.count { !all.contains($0) } - altered)
  }
}
