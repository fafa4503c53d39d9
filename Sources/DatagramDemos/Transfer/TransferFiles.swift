internal import Foundation
internal import LinuxPacketIO

/// A file that is being sent: read piece by piece, and hashed as its pieces leave for the first time.
struct LeavingFile {
  let name: String
  let size: UInt64
  private let handle: FileHandle
  private let pieceOctets: Int
  private var digest = SHA256()
  private var hashed = 0

  /// Opens the file at `path`.
  ///
  /// - Throws: ``TransferFailure/file(_:)`` when it cannot be read, or is no regular file.
  init(_ path: String, pieceOctets: Int) throws(TransferFailure) {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    guard let attributes else { throw .file("there is no file \(path)") }
    let target = URL(filePath: path).resolvingSymlinksInPath().path
    let type = try? FileManager.default.attributesOfItem(atPath: target)
    guard type?[.type] as? FileAttributeType == .typeRegular,
      let size = (type ?? attributes)[.size] as? UInt64,
      let handle = FileHandle(forReadingAtPath: path)
    else { throw .file("\(path) cannot be read, or is no regular file") }
    name = URL(filePath: path).lastPathComponent
    self.size = size
    self.handle = handle
    self.pieceOctets = pieceOctets
  }

  /// Reads a piece; pieces that leave for the first time must do so in order.
  mutating func piece(_ number: Int, of offer: FileOffer) throws(TransferFailure) -> [UInt8] {
    let length = offer.length(of: UInt64(number))
    let octets: [UInt8]
    do {
      try handle.seek(toOffset: UInt64(number) * UInt64(pieceOctets))
      octets = [UInt8](try handle.read(upToCount: length) ?? Data())
    } catch {
      throw .file("\(name) cannot be read any more")
    }
    guard octets.count == length else { throw .file("\(name) has become shorter meanwhile") }
    if number == hashed {
      digest.absorb(octets)
      hashed += 1
    }
    return octets
  }

  /// The hash of all pieces.
  var wholeDigest: [UInt8] { digest.finish() }
}

/// Where a file that arrives is to go.
public struct TransferDestination: Hashable, Sendable {
  /// The file's path; nil for the sender's name for it, in ``folder``.
  public var path: String?
  /// The folder for files under their sender's names.
  public var folder: String
  /// Whether a file that is there may be replaced.
  public var overwrites: Bool

  /// Creates a destination.
  public init(path: String? = nil, folder: String = ".", overwrites: Bool = false) {
    self.path = path
    self.folder = folder
    self.overwrites = overwrites
  }

  /// The path of a file that is offered as `name`.
  ///
  /// - Throws: ``TransferFailure/badName`` for what is more or less than a plain name, and
  ///   ``TransferFailure/nameTaken(_:)``.
  func path(for name: String) throws(TransferFailure) -> String {
    let place: String
    if let path {
      place = path
    } else {
      let isPlain =
        !name.isEmpty && name != "." && name != ".." && name.utf8.count <= 255
        && name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F && $0 != "/" }
      guard isPlain else { throw .badName }
      place = URL(filePath: folder).appending(path: name).path
    }
    if !overwrites, FileManager.default.fileExists(atPath: place) {
      throw .nameTaken(URL(filePath: place).lastPathComponent)
    }
    return place
  }
}

/// A file that is arriving, under a name of its own until it is whole and sound.
struct ArrivingFile {
  let path: String
  private let temporary: String
  private let handle: FileHandle
  private let overwrites: Bool
  private let offer: FileOffer
  private var digest = SHA256()
  private var hashed = 0

  /// Makes the file beside the place that it is to have.
  init(
    _ offer: FileOffer, session: UInt64, to destination: TransferDestination
  ) throws(TransferFailure) {
    path = try destination.path(for: offer.name)
    let folder = URL(filePath: path).deletingLastPathComponent()
    temporary = folder.appending(path: ".halfopen-\(String(session, radix: 16)).part").path
    overwrites = destination.overwrites
    self.offer = offer
    guard FileManager.default.createFile(atPath: temporary, contents: nil),
      let handle = FileHandle(forUpdatingAtPath: temporary)
    else { throw .file("no file can be made in \(folder.path)") }
    self.handle = handle
  }

  /// Writes a piece in its place, and takes in all pieces below `next` for the hash.
  mutating func write(
    _ number: Int, _ octets: [UInt8], next: Int
  ) throws(TransferFailure) {
    do {
      try handle.seek(toOffset: UInt64(number) * UInt64(offer.pieceOctets))
      try handle.write(contentsOf: octets)
      while hashed < next {
        digest.absorb(hashed == number ? octets : try read(hashed))
        hashed += 1
      }
    } catch {
      throw .file("\(path) cannot be written: \(error.localizedDescription)")
    }
  }

  private func read(_ number: Int) throws -> [UInt8] {
    try handle.seek(toOffset: UInt64(number) * UInt64(offer.pieceOctets))
    return [UInt8](try handle.read(upToCount: offer.length(of: UInt64(number))) ?? Data())
  }

  /// Gives the file its name if its hash is `wanted`; else it is gone.
  mutating func conclude(_ wanted: [UInt8]) throws(TransferFailure) {
    guard digest.finish() == wanted else {
      discard()
      throw .digestDiffers
    }
    do {
      try handle.synchronize()
      try handle.close()
      if overwrites {
        try FileNaming.rename(temporary, to: path)
      } else {
        // A second name is refused where there is a file, which a new name would replace.
        try FileManager.default.linkItem(atPath: temporary, toPath: path)
        try FileManager.default.removeItem(atPath: temporary)
      }
    } catch {
      discard()
      throw FileManager.default.fileExists(atPath: path) && !overwrites
        ? .nameTaken(URL(filePath: path).lastPathComponent)
        : .file("\(path) cannot be given its name: \(error.localizedDescription)")
    }
  }

  /// Removes what has arrived.
  func discard() {
    try? handle.close()
    try? FileManager.default.removeItem(atPath: temporary)
  }
}

extension [UInt8] {
  /// The octets in hexadecimal digits.
  var hexadecimal: String {
    map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
