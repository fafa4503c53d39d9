/// What is believed of a pcap record where the file is damaged: its records have no mark of their
/// own, only numbers that few other octets would give.
extension PcapRecordWords {
  /// No network has longer packets.
  private static let longestOriginal: UInt32 = 16 << 20
  /// The gap in time, in seconds, that neighbours have at most.
  private static let neighbourGap: UInt32 = 86_400
  /// The gap in time over what was lost.
  private static let lossGap: UInt32 = 30 * 86_400

  /// The longest frame that is believed.
  @inline(__always)
  static func longestFrame(in layout: PcapLayout) -> UInt32 {
    min(max(layout.snapLength, 1 << 18), 1 << 20)
  }

  /// Whether the numbers are ones that an honest writer writes.
  @inline(__always)
  func isPlausible(in layout: PcapLayout) -> Bool {
    captured <= original && isPossible(in: layout)
  }

  /// Whether the numbers are ones that some writer may write.
  ///
  /// A few let a packet be longer in the file than on the wire. Nothing at all at the time 0 is no
  /// record: a run of zeros would be full of it.
  @inline(__always)
  func isPossible(in layout: PcapLayout) -> Bool {
    fraction < layout.fractionLimit && (original > 0 || seconds > 0)
      && original <= Self.longestOriginal
      && captured <= Self.longestFrame(in: layout)
  }

  /// Whether a record at `other` seconds may stand beside this one.
  func isNear(_ other: UInt32) -> Bool {
    max(seconds, other) - min(seconds, other) <= Self.neighbourGap
  }

  /// Whether a record at `other` seconds may stand before what was lost before this one.
  func isNearOverLoss(_ other: UInt32) -> Bool {
    max(seconds, other) - min(seconds, other) <= Self.lossGap
  }
}

/// What is thought of octets that may be a record.
enum RecordBelief {
  case plausible
  case implausible
  /// So many octets from here on would tell.
  case needs(Int)
}

extension CaptureReader {
  /// Judges what stands at `end`, where a record of doubtful `words` says that the next one is.
  func successor(
    of words: PcapRecordWords, in rest: Span<UInt8>, at end: Int, isLast: Bool
  ) -> RecordBelief {
    if end == rest.count, isLast { return .plausible }
    guard end + layout.recordHeaderLength <= rest.count else {
      return isLast ? .implausible : .needs(end + layout.recordHeaderLength)
    }
    let next = PcapRecordWords(rest, at: end, layout)
    let isNear = next.isNear(words.seconds) || lastSeconds.map(next.isNear) ?? false
    return next.isPossible(in: layout) && isNear ? .plausible : .implausible
  }

  /// Judges whether reading may go on with the record at the start of `rest`, after damage: three
  /// records in a row must make sense, or fewer where the file ends exactly behind one.
  func isRunOfRecords(_ rest: Span<UInt8>, isLast: Bool) -> RecordBelief {
    let header = layout.recordHeaderLength
    var start = 0
    var seconds: UInt32?
    for whole in 0..<3 {
      if start == rest.count, isLast { return whole > 0 ? .plausible : .implausible }
      guard start + header <= rest.count else {
        return isLast ? (whole > 1 ? .plausible : .implausible) : .needs(start + header)
      }
      let words = PcapRecordWords(rest, at: start, layout)
      guard words.isPlausible(in: layout) else { return .implausible }
      if let seconds {
        guard words.isNear(seconds) else { return .implausible }
      } else if let lastSeconds {
        guard words.isNearOverLoss(lastSeconds) else { return .implausible }
      }
      seconds = words.seconds
      start += header + Int(words.captured)
      guard start <= rest.count else {
        return isLast ? (whole > 1 ? .plausible : .implausible) : .needs(start)
      }
    }
    return .plausible
  }
}
