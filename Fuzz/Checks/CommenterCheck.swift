import CaptureFiles

/// What must hold of a copy with comments.
enum CommenterCheck {
  private static let comment = PcapngCommenter.mark + "said"

  static func complaint(about file: Span<UInt8>, _ strict: StrictReading) -> String? {
    guard !strict.packets.isEmpty else { return nil }
    let commented = copy(of: file, comments: [comment])
    guard let complaint = complaint(about: commented.octets.span, as: file, strict.packets.count)
    else {
      let stripped = copy(of: commented.octets.span, comments: [])
      let again = copy(of: stripped.octets.span, comments: [comment])
      return again.octets == commented.octets ? nil : "a copy of a copy differs from it"
    }
    return complaint
  }

  /// Compares the packets of a copy with those of the file.
  private static func complaint(
    about copy: Span<UInt8>, as file: Span<UInt8>, _ count: Int
  ) -> String? {
    let before = digests(of: file)
    let after = digests(of: copy)
    guard after.count == count, before.count == count else {
      return "a copy has \(after.count) packets, its original \(count)"
    }
    return before == after ? nil : "a copy's packets differ from the original's"
  }

  private static func digests(of file: Span<UInt8>) -> [UInt64] {
    var digests: [UInt64] = []
    var reader = CaptureReader()
    while case .record(let record) = (try? reader.next(in: file)) ?? .end {
      let digest = PacketDigest(record, file, from: 0, without: PcapngCommenter.mark)
      digests.append(digest.digest)
    }
    return digests
  }

  private static func copy(
    of file: Span<UInt8>, comments: [String]
  ) -> (octets: [UInt8], placeless: Int) {
    var octets: [UInt8] = []
    octets.reserveCapacity(file.count + 256)
    var reader = CaptureReader()
    var commenter = PcapngCommenter()
    while case .part(let part) = (try? reader.nextPart(in: file)) ?? .end {
      commenter.append(part, in: file, comments: comments, to: &octets)
    }
    return (octets, commenter.placeless)
  }
}
