/// Where a capture file stops being readable, and why; the blame is with whoever wrote or cut it.
public struct CaptureFileError: Error, Hashable, Sendable {
  /// Octets from the file's start to the header, record or block that cannot be read; everything
  /// before it was whole.
  public var offset: Int
  /// What is wrong there.
  public var problem: CaptureFileProblem

  /// Creates an error about what begins at `offset`.
  public init(offset: Int, _ problem: CaptureFileProblem) {
    self.offset = offset
    self.problem = problem
  }
}

extension CaptureFileError: CustomStringConvertible {
  /// One clause with the offset.
  public var description: String { "at octet \(offset): \(problem)" }
}

/// What can be wrong with a capture file.
public enum CaptureFileProblem: Hashable, Sendable {
  /// There is not one octet.
  case empty
  /// The first four octets are none that a capture file begins with.
  case notACapture(firstOctets: [UInt8])
  /// The file was packed by this program, and is to be unpacked first.
  case compressed(program: String)
  /// The file's or section's version is none that is understood.
  case unsupportedVersion(major: UInt16, minor: UInt16)
  /// The file ends inside this part.
  case truncated(CaptureFilePart, needed: Int, available: Int)
  /// A length field holds more than any honest writer puts there, in octets.
  case tooLong(CaptureFilePart, octets: Int, limit: Int)
  /// A block's length is too small for its type, or no multiple of four.
  case impossibleBlockLength(type: UInt32, octets: Int)
  /// A block's length at its end differs from the one at its start.
  case blockLengthsDiffer(first: Int, last: Int)
  /// A block says that it holds more packet than it has room for.
  case packetExceedsBlock(octets: Int, room: Int)
  /// An option of a block ends behind the block.
  case optionExceedsBlock(code: UInt16)
  /// A section header does not tell the byte order.
  case unknownByteOrder(UInt32)
  /// A packet names an interface that the section has not described.
  case unknownInterface(number: Int, described: Int)
  /// The file describes more interfaces than any machine has.
  case tooManyInterfaces(limit: Int)
  /// The header of a record makes no sense, and no record follows where it says.
  case implausibleRecord
}

extension CaptureFileProblem: CustomStringConvertible {
  /// One clause for a person.
  public var description: String {
    switch self {
    case .empty:
      "the file is empty"
    case .notACapture(let octets):
      "not a capture file: it begins with \(octets.map(hexadecimal).joined(separator: " "))"
    case .compressed(let program):
      "the file is compressed; unpack it with \(program) first"
    case .unsupportedVersion(let major, let minor):
      "version \(major).\(minor) of the format is not understood"
    case .truncated(let part, let needed, let available):
      "the \(part) needs \(needed) octets and the file has only \(available) more"
    case .tooLong(let part, let octets, let limit):
      "the \(part) says it is \(octets) octets long, more than \(limit)"
    case .impossibleBlockLength(let type, let octets):
      "a block of type \(type) cannot be \(octets) octets long"
    case .blockLengthsDiffer(let first, let last):
      "the block's length is \(first) at its start and \(last) at its end"
    case .packetExceedsBlock(let octets, let room):
      "a packet of \(octets) octets stands in a block with room for \(room)"
    case .optionExceedsBlock(let code):
      "option \(code) ends behind its block"
    case .unknownByteOrder(let magic):
      "the section's byte-order magic is 0x\(String(magic, radix: 16))"
    case .unknownInterface(let number, let described):
      "a packet of interface \(number) stands in a section that described \(described)"
    case .tooManyInterfaces(let limit):
      "more than \(limit) interfaces are described"
    case .implausibleRecord:
      "the record's header makes no sense, and no record follows where it says"
    }
  }
}

/// The parts of a capture file that a length is about.
public enum CaptureFilePart: String, Hashable, Sendable, CustomStringConvertible {
  /// What a pcap file begins with.
  case fileHeader = "file header"
  /// A packet of a pcap file, its header included.
  case record
  /// A block of a pcapng file.
  case block

  /// The part's name in a sentence.
  public var description: String { rawValue }
}

private func hexadecimal(_ octet: UInt8) -> String {
  let digits = String(octet, radix: 16)
  return digits.utf8.count < 2 ? "0" + digits : digits
}
