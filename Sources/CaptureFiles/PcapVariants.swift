/// Telling apart the record layouts that share a magic number, as wiretap/libpcap.c does: each is
/// tried on the first records, and the one with the fewest faults is taken.
extension CaptureReader {
  /// What is known of the variant.
  enum VariantGuess {
    case known(PcapVariant)
    /// So many octets from the first record on would tell.
    case needs(Int)
  }

  private static let recordsToTry = 3
  /// A record of this many octets is a fault in itself: so that to look ahead stays cheap.
  private static let longestTried = 1 << 18

  /// Tells how the records are built that begin at the start of `records`.
  static func variant(
    of records: Span<UInt8>, as layout: PcapLayout, _ magic: PcapMagic.Kind, isLast: Bool
  ) -> VariantGuess {
    let candidates: [PcapVariant]
    switch magic {
    case .nanoseconds, .ixiaHardware, .ixiaSoftware: return .known(.standard)
    case .modified: candidates = [.modified, .modifiedWithProcessor]
    case .microseconds:
      // A live capture must not wait for its third packet: it is only waited for when the octets
      // behind the first record's four words could belong to a longer header.
      let longest = 24
      guard records.count >= longest || isLast else { return .needs(longest) }
      let others: [PcapVariant] = [.modified, .nokia]
      let possible = others.filter { variant in
        records.count >= variant.recordHeaderLength
          && records.faults(behindWordsOf: variant, at: 0, layout.order) == 0
      }
      guard !possible.isEmpty else { return .known(.standard) }
      candidates = [.standard] + possible
    }
    return best(of: candidates, for: records, as: layout, isLast: isLast)
  }

  private static func best(
    of candidates: [PcapVariant], for records: Span<UInt8>, as layout: PcapLayout, isLast: Bool
  ) -> VariantGuess {
    var best = candidates[0]
    var fewest = Int.max
    for variant in candidates {
      let trial = records.trial(of: layout.with(variant), upTo: recordsToTry, longestTried)
      if let needed = trial.needed, !isLast { return .needs(needed) }
      let faults = trial.faults + (trial.isCut ? 1 : 0)
      if faults < fewest { (best, fewest) = (variant, faults) }
    }
    return .known(best)
  }
}

/// What the first records look like as those of one variant.
private struct VariantTrial {
  var faults = 0
  /// Where the octets did not suffice, how many would.
  var needed: Int?
  /// Whether they end inside a record.
  var isCut = false
}

extension Span<UInt8> {
  fileprivate func trial(
    of layout: PcapLayout, upTo records: Int, _ longest: Int
  ) -> VariantTrial {
    var trial = VariantTrial()
    var start = 0
    let header = layout.recordHeaderLength
    for _ in 0..<records {
      guard start + header <= count else {
        return VariantTrial(faults: trial.faults, needed: start + header, isCut: start != count)
      }
      let fraction = word32(at: start + 4, layout.order)
      let captured = word32(at: start + 8, layout.order)
      let original = word32(at: start + 12, layout.order)
      if fraction >= 1_000_000 { trial.faults += 1 }
      if captured > layout.snapLength { trial.faults += 1 }
      if original > 128 << 20 { trial.faults += 1 }
      if captured > original { trial.faults += 1 }
      trial.faults += faults(behindWordsOf: layout.variant, at: start, layout.order)
      guard captured <= longest else {
        trial.faults += 1
        return trial
      }
      start += header + Int(captured)
      guard start <= count else {
        return VariantTrial(faults: trial.faults, needed: start, isCut: true)
      }
    }
    return trial
  }

  /// Counts what is wrong with the part of a record's header that only `variant` has.
  fileprivate func faults(
    behindWordsOf variant: PcapVariant, at start: Int, _ order: ByteOrder
  ) -> Int {
    switch variant {
    case .standard, .aix:
      return 0
    case .nokia:
      // 0xXFBFYZ0W, with X 9 or B, Y B or D, Z 6 or 9, W 1 or 2.
      let word = word32(at: start + 16, order)
      let fits =
        word & 0x0FFF_00F0 == 0x0FBF_0000 && [0x9, 0xB].contains(word >> 28)
        && [0xB, 0xD].contains(word >> 12 & 0xF) && [0x6, 0x9].contains(word >> 8 & 0xF)
        && [0x1, 0x2].contains(word & 0xF)
      return fits ? 0 : 1
    case .modified, .modifiedWithProcessor:
      let proto = word16(at: start + 20, order)
      let isKnown = proto >= 0x0600 || proto <= 0x17 || [0x60, 0x200, 0x400].contains(proto)
      return (word32(at: start + 16, order) > 10_000 ? 1 : 0) + (isKnown ? 0 : 1)
        + (self[start + 22] > 4 ? 1 : 0)
    }
  }
}
