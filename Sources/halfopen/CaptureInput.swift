import CaptureFiles
import Foundation
import SystemPackage

/// A capture file, or standard input, that is read a piece at a time.
final class CaptureInput {
  private let descriptor: FileDescriptor
  private let path: String
  private var feed = CaptureFeed()

  /// The octets of one read.
  private static let pieceLength = 1 << 20

  /// Opens `path`, `-` for standard input.
  ///
  /// - Throws: ``Failure`` with a sentence, when the file does not exist or may not be read.
  init(path: String) throws {
    self.path = path == "-" ? "standard input" : path
    do {
      descriptor =
        path == "-" ? .standardInput : try FileDescriptor.open(FilePath(path), .readOnly)
    } catch let error as Errno {
      throw Failure(Self.status(of: error), "cannot open \(path): \(error).")
    }
  }

  deinit {
    if descriptor != .standardInput { try? descriptor.close() }
  }

  /// The interfaces that the file described as far as it was read.
  var interfaces: [CaptureInterface] { feed.reader.interfaces }

  /// The sections that the file began as far as it was read.
  var sections: [CaptureSection] { feed.reader.sections }

  /// Hands every whole packet to `body`.
  ///
  /// - Returns: What the file's damage is; nil when it is whole.
  /// - Throws: ``Failure`` when the file cannot be read.
  func forEachPacket(_ body: (CapturedPacket) -> Void) throws -> CaptureFileError? {
    while true {
      do throws(CaptureFileError) {
        guard try handOver(body) else { return nil }
      } catch {
        return error
      }
      try readPiece()
    }
  }

  /// Hands over what is there; tells whether there is more to read.
  private func handOver(_ body: (CapturedPacket) -> Void) throws(CaptureFileError) -> Bool {
    while true {
      switch try feed.next() {
      case .packet(let packet): body(packet)
      case .needsMore: return true
      case .end: return false
      }
    }
  }

  private func readPiece() throws {
    do {
      // A handle that does not close: the descriptor is this object's.
      let handle = FileHandle(fileDescriptor: descriptor.rawValue, closeOnDealloc: false)
      let piece = try handle.read(upToCount: Self.pieceLength) ?? Data()
      if piece.isEmpty { feed.finish() } else { feed.append(Array(piece)) }
    } catch {
      let reason =
        FileManager.default.directoryExists(path) ? "it is a directory" : error.systemReason
      let status = error.systemCause.map { Self.status(of: $0) } ?? .usage
      throw Failure(status, "cannot read \(path): \(reason).")
    }
  }

  private static func status(of error: Errno) -> ExitStatus {
    switch error {
    case .permissionDenied, .notPermitted: .permission
    case .tooManyOpenFiles, .tooManyOpenFilesInSystem, .noMemory, .ioError: .resources
    default: .usage
    }
  }
}

extension FileManager {
  fileprivate func directoryExists(_ path: String) -> Bool {
    let attributes = try? attributesOfItem(atPath: path)
    return attributes?[.type] as? FileAttributeType == .typeDirectory
  }
}
