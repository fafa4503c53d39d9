/// An IP packet of which some fragments have come.
struct PartialPacket: Sendable {
  /// Which of all packets it is, in the order of their first fragments.
  let number: UInt64
  /// When its first fragment came, in nanoseconds.
  let begin: Int64
  /// The memory that it takes, about, in octets.
  private(set) var size = 256
  /// Whether its fragments have contradicted one another, so that all others are refused.
  private(set) var isRuined = false
  /// The data that has come, in its order and without overlaps.
  private var pieces: [Piece] = []
  private var covered = 0
  /// The data's octets, known from the last fragment.
  private var total: Int?
  /// The headers of the fragment with offset 0.
  private var headers: [UInt8] = []
  private var continuation: Fragment.Continuation?

  private struct Piece: Sendable {
    var start: Int
    var octets: [UInt8]
    var end: Int { start + octets.count }
  }

  /// What became of a fragment.
  enum Verdict {
    case new
    case duplicate
    /// It overlaps others in part.
    case overlap
    /// Its place or length agrees with no packet, or not with the others' last one.
    case impossible
  }

  init(number: UInt64, begin: Int64) {
    self.number = number
    self.begin = begin
  }

  /// Forgets everything but that there was such a packet.
  mutating func ruin() {
    self = Self(number: number, begin: begin)
    isRuined = true
  }

  /// Takes a fragment's data in, unless it contradicts what is there.
  ///
  /// Lengths are judged as Linux does (`net/ipv4/ip_fragment.c`, ip_frag_queue, and
  /// `net/ipv6/reassembly.c`, ip6_frag_queue): what is not the last one ends at a multiple of eight,
  /// IPv4 by leaving octets out; nothing lies behind the end.
  mutating func insert(_ fragment: Fragment, of bytes: Span<UInt8>) -> Verdict {
    let isIPv6 = fragment.continuation != nil
    var end = fragment.offset + fragment.payload.count
    if !fragment.isLast, end % 8 != 0 {
      guard !isIPv6 else { return .impossible }
      end -= end % 8
    }
    let room = 65_535 - fragment.headers.count + (isIPv6 ? IPv6Header.length : 0)
    let farthest = pieces.last?.end ?? 0
    guard end > fragment.offset, end <= room else { return .impossible }
    guard fragment.isLast ? total ?? end == end && farthest <= end : end <= total ?? end else {
      return .impossible
    }
    let place = firstPiece(endingBehind: fragment.offset)
    if place < pieces.count, pieces[place].start < end {
      return verdictOnOverlap(
        fragment, of: bytes, upTo: end, at: place, mustEqual: isIPv6)
    }
    let start = fragment.payload.lowerBound
    let octets = bytes.extracting(start..<start + end - fragment.offset).octets
    pieces.insert(Piece(start: fragment.offset, octets: octets), at: place)
    covered += octets.count
    size += 64 + octets.count
    if fragment.isLast { total = end }
    if fragment.offset == 0 {
      headers = bytes.extracting(fragment.headers).octets
      continuation = fragment.continuation
      size += headers.count
    }
    return .new
  }

  /// IPv6 lets only exact copies pass, and anything else ruins the packet (RFC 5722 §4, RFC 8200
  /// §4.5); Linux's IPv4 calls a copy what lies wholly in what has come, whose octets count
  /// (`net/ipv4/inet_fragment.c`, inet_frag_queue_insert).
  private func verdictOnOverlap(
    _ fragment: Fragment, of bytes: Span<UInt8>, upTo end: Int, at place: Int, mustEqual: Bool
  ) -> Verdict {
    guard mustEqual else {
      var reached = fragment.offset
      var index = place
      while index < pieces.count, pieces[index].start <= reached, reached < end {
        reached = pieces[index].end
        index += 1
      }
      return reached >= end ? .duplicate : .overlap
    }
    let piece = pieces[place]
    guard piece.start == fragment.offset, piece.end == end else { return .overlap }
    for index in piece.octets.indices
    where piece.octets[index] != bytes[fragment.payload.lowerBound + index] { return .overlap }
    return .duplicate
  }

  /// The index of the first piece that reaches behind `offset`.
  private func firstPiece(endingBehind offset: Int) -> Int {
    var low = 0
    var high = pieces.count
    while low < high {
      let middle = (low + high) / 2
      if pieces[middle].end <= offset { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The whole packet as if nobody had cut it; nil while parts are missing.
  var joined: [UInt8]? {
    guard let total, covered == total, !headers.isEmpty else { return nil }
    var packet = headers
    packet.reserveCapacity(headers.count + total)
    for piece in pieces { packet += piece.octets }
    if let continuation {
      packet[continuation.position] = continuation.nextHeader
      packet.overwrite(UInt16(clamping: packet.count - IPv6Header.length), at: 4)
    } else {
      packet.overwrite(UInt16(clamping: packet.count), at: 2)
      packet.overwrite(0, at: 6)
      packet.overwrite(0, at: 10)
      var sum = InternetChecksum()
      sum.add(packet.span.extracting(..<headers.count))
      packet.overwrite(sum.checksum, at: 10)
    }
    return packet
  }
}
