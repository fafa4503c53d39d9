/// What the two ends of a file's transfer say to each other, a datagram each.
///
/// On the wire: `HO`, a version (1), the kind, the transfer's number of 64 bits, a CRC-32 of all the
/// rest, and what the kind carries; all numbers in network order.
enum TransferMessage: Hashable, Sendable {
  /// The sender has a file.
  case open(FileOffer)
  /// The receiver is ready for it.
  case opened
  /// A piece of the file, by its number, and this datagram's place among all that carry pieces.
  case piece(number: UInt32, serial: UInt32, octets: [UInt8])
  /// The number below which all pieces have arrived, the piece that was the last to come, and the
  /// place of its datagram.
  case acknowledgment(next: UInt32, latest: UInt32, serial: UInt32)
  /// All pieces have been acknowledged, and this is the hash of the file.
  case finish(digest: [UInt8])
  /// The file is whole, sound and in its place.
  case finished
  /// The sender has heard so; nobody need wait for more.
  case close
  /// Whoever says so has given up, and why.
  case refused(String)

  private static let mark: [UInt8] = [0x48, 0x4F, 1]
  /// The octets before what a kind carries.
  static let headerOctets = 16
  /// The octets of a datagram with a piece of the file that are not the file's.
  static let pieceOverhead = headerOctets + 8

  private var kind: UInt8 {
    switch self {
    case .open: 1
    case .opened: 2
    case .piece: 3
    case .acknowledgment: 4
    case .finish: 5
    case .finished: 6
    case .close: 7
    case .refused: 8
    }
  }

  /// The datagram that says so in the transfer `session`.
  func octets(in session: UInt64) -> [UInt8] {
    var octets = Self.mark + [kind] + session.bigEndianOctets + [0, 0, 0, 0]
    switch self {
    case .open(let offer):
      octets += offer.size.bigEndianOctets + offer.pieceOctets.bigEndianOctets
      octets += offer.reach.bigEndianOctets + Array(offer.name.utf8)
    case .piece(let number, let serial, let content):
      octets += number.bigEndianOctets + serial.bigEndianOctets + content
    case .acknowledgment(let next, let latest, let serial):
      octets += next.bigEndianOctets + latest.bigEndianOctets + serial.bigEndianOctets
    case .finish(let digest): octets += digest
    case .refused(let reason): octets += Array(reason.utf8.prefix(400))
    case .opened, .finished, .close: break
    }
    octets.replaceSubrange(12..<16, with: CRC32.of(octets[...]).bigEndianOctets)
    return octets
  }

  /// Reads a datagram; nil for one that is damaged, or none of these.
  static func read(_ octets: [UInt8]) -> (session: UInt64, message: Self)? {
    guard octets.count >= headerOctets, octets.starts(with: mark) else { return nil }
    var plain = octets
    plain.replaceSubrange(12..<16, with: [0, 0, 0, 0])
    guard CRC32.of(plain[...]) == octets.number(at: 12) else { return nil }
    let session: UInt64 = octets.number(at: 4)
    return body(octets[headerOctets...], kind: octets[3]).map { (session, $0) }
  }

  private static func body(_ slice: ArraySlice<UInt8>, kind: UInt8) -> Self? {
    let body = Array(slice)
    switch (kind, body.count) {
    case (1, 15...):
      guard let name = String(validating: body[14...], as: UTF8.self) else { return nil }
      return .open(
        FileOffer(
          name: name, size: body.number(at: 0), pieceOctets: body.number(at: 8),
          reach: body.number(at: 10)))
    case (2, 0): return .opened
    case (3, 9...):
      return .piece(
        number: body.number(at: 0), serial: body.number(at: 4), octets: Array(body[8...]))
    case (4, 12):
      return .acknowledgment(
        next: body.number(at: 0), latest: body.number(at: 4), serial: body.number(at: 8))
    case (5, 32): return .finish(digest: body)
    case (6, 0): return .finished
    case (7, 0): return .close
    case (8, _): return .refused(String(decoding: body, as: UTF8.self))
    case (_, _): return nil
    }
  }
}

/// A file that somebody wants to send, as it is offered.
struct FileOffer: Hashable, Sendable {
  /// The file's name, without any folder.
  var name: String
  /// In octets.
  var size: UInt64
  /// The octets of every piece but the last, which may have fewer.
  var pieceOctets: UInt16
  /// How far ahead of a missing piece others may come.
  var reach: UInt32

  /// How many pieces there are.
  var pieces: UInt64 {
    let (whole, rest) = size.quotientAndRemainder(dividingBy: UInt64(max(1, pieceOctets)))
    return whole + (rest > 0 ? 1 : 0)
  }

  /// How many octets the piece of this number has.
  func length(of number: UInt64) -> Int {
    Int(min(UInt64(pieceOctets), size - min(size, number * UInt64(pieceOctets))))
  }
}

extension [UInt8] {
  /// The number in network order that begins at `place`.
  ///
  /// - Precondition: It ends within the array.
  func number<Number: FixedWidthInteger>(at place: Int) -> Number {
    self[place..<place + Number.bitWidth / 8].reduce(0) { $0 << 8 | Number($1) }
  }
}
