import CaptureFiles
import Determinism

/// What must hold of the capture readers and of the commenter, whatever they are given.
///
/// The last octet of the input is no part of the file: it says what is tried beside the reading of
/// the whole file, and how small the windows are.
public enum ReaderCheck {
  /// Reads the file in every way.
  ///
  /// - Returns: What does not hold, in a sentence; nil when all does.
  public static func complaint(about input: Span<UInt8>) -> String? {
    guard input.count > 1 else { return nil }
    let file = input.extracting(..<(input.count - 1))
    let step = Int(input[input.count - 1] >> 2)
    let strict = StrictReading(of: file, by: nil)
    let recovered = RecoveredReading(of: file, by: nil)
    if let complaint = complaint(about: strict, recovered, file.count) { return complaint }
    // One more way with each input, or few inputs could be tried.
    switch input[input.count - 1] & 3 {
    case 0:
      return StrictReading(of: file, by: step) == strict
        ? nil : "a strict reader is led astray by windows of \(step)"
    case 1:
      return RecoveredReading(of: file, by: step) == recovered
        ? nil : "a recovering reader is led astray by windows of \(step)"
    case 2:
      return RecoveredReading(pushedFrom: file) == recovered
        ? nil : "packets that are pushed differ from those that are pulled"
    default:
      return CommenterCheck.complaint(about: file, strict)
    }
  }

  private static func complaint(
    about strict: StrictReading, _ recovered: RecoveredReading, _ length: Int
  ) -> String? {
    if let damage = strict.damage, !(0...length).contains(damage.offset) {
      return "damage outside the file: \(damage)"
    }
    let before =
      recovered.firstDamage.map { damage in
        recovered.packets.prefix { $0.end <= damage.offset }
      } ?? recovered.packets[...]
    guard strict.packets.starts(with: before) else {
      return "what a recovering reader gives before damage is not what a strict one gives"
    }
    return recovered.firstDamage != nil || strict.damage == nil
      ? nil : "a recovering reader saw no damage where a strict one did"
  }
}

/// A packet in few words.
struct PacketDigest: Hashable {
  var end: Int
  var digest: UInt64

  init(_ record: CaptureRecord, _ window: Span<UInt8>, from start: Int, without mark: String? = nil)
  {
    end = start + record.block.upperBound
    var digest = Digest()
    digest.add(UInt64(bitPattern: record.time?.nanoseconds ?? -1))
    digest.add(UInt64(record.originalLength))
    digest.add(UInt64(record.interface) << 16 | UInt64(record.linkType))
    digest.add(UInt64(record.flags?.rawValue ?? 0))
    for comment in record.comments where mark.map({ !comment.hasPrefix($0) }) ?? true {
      for octet in comment.utf8 { digest.add(UInt64(octet)) }
    }
    for index in record.data { digest.add(UInt64(window[index])) }
    self.digest = digest.value
  }
}

/// FNV-1a, over words.
private struct Digest {
  var value: UInt64 = 0xCBF2_9CE4_8422_2325

  mutating func add(_ word: UInt64) {
    value = (value ^ word) &* 0x100_0000_01B3
  }
}

/// What a strict reader makes of a file.
struct StrictReading: Equatable {
  var packets: [PacketDigest] = []
  var damage: CaptureFileError?
  var interfaces = 0

  /// Reads `file` whole, or through windows that hold what is asked for and `step` octets more.
  init(of file: Span<UInt8>, by step: Int?) {
    var reader = CaptureReader()
    var end = step.map { min($0, file.count) } ?? file.count
    do throws(CaptureFileError) {
      while true {
        let start = reader.offset
        let window = file.extracting(start..<end)
        switch try reader.next(in: window, from: start, isLast: end == file.count) {
        case .record(let record): packets.append(PacketDigest(record, window, from: start))
        case .needsMore(let octets):
          end = min(file.count, max(end + 1, reader.offset + octets + (step ?? 0)))
        case .end:
          interfaces = reader.interfaces.count
          return
        }
      }
    } catch {
      interfaces = reader.interfaces.count
      damage = error
    }
  }
}

/// What a recovering reader makes of a file.
struct RecoveredReading: Equatable {
  var packets: [PacketDigest] = []
  var damages = CaptureDamages()
  var interfaces = 0

  var firstDamage: CaptureDamage? { damages.first.first }

  /// Reads as ``StrictReading`` does.
  init(of file: Span<UInt8>, by step: Int?) {
    var reader = RecoveringReader()
    var end = step.map { min($0, file.count) } ?? file.count
    reading: while true {
      let start = reader.reader.offset
      let window = file.extracting(start..<end)
      switch reader.next(in: window, from: start, isLast: end == file.count) {
      case .record(let record): packets.append(PacketDigest(record, window, from: start))
      case .needsMore(let octets):
        end = min(file.count, max(end + 1, reader.reader.offset + octets + (step ?? 0)))
      case .end: break reading
      }
    }
    damages = reader.damages
    interfaces = reader.reader.interfaces.count
  }

  /// Reads the whole file in the way that hands packets over in a loop.
  init(pushedFrom file: Span<UInt8>) {
    var reader = RecoveringReader()
    var pushed: [PacketDigest] = []
    reading: while true {
      let start = reader.reader.offset
      let window = file.extracting(start...)
      let pause = reader.forEachRecord(in: window, from: start) { record, _ in
        pushed.append(PacketDigest(record, window, from: start))
        return true
      }
      switch pause {
      case .newInterface: continue
      case .enough, .needsMore, .end: break reading
      }
    }
    packets = pushed
    damages = reader.damages
    interfaces = reader.reader.interfaces.count
  }
}
