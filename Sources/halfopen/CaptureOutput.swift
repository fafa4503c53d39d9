import Foundation
import LinuxPacketIO
import SystemPackage

/// The file that a capture grows into: after every flush it ends with a whole record.
///
/// A disk that fills up cuts a record in two; then the file is cut back to the end of the last
/// whole one, so that what is counted and what is on the disk are the same.
final class CaptureOutput {
  /// The number of records that are in the file.
  private(set) var recordsWritten: UInt64 = 0

  private let file: FileDescriptor
  private let name: String
  private let isRegular: Bool

  /// Opens a file, or standard output for "-", and writes what comes before the first record.
  ///
  /// What the file held is gone from here on. A new one without even the beginning is removed.
  init(_ path: String, beginning: [UInt8]) throws {
    let name = path == "-" ? "standard output" : path
    let (file, isNew) = try Self.opened(path, name)
    do {
      try file.writeAll(beginning)
    } catch let error as Errno {
      if path != "-" { try? file.resize(to: 0) }
      if isNew { try? FileManager.default.removeItem(atPath: path) }
      throw Self.failure(error, name, "has no room for a single packet")
    }
    self.name = name
    self.file = file
    isRegular = path != "-" && (try? file.seek(offset: 0, from: .current)) != nil
  }

  deinit {
    if name != "standard output" { try? file.close() }
  }

  /// Writes what waits; afterwards the file ends with a whole record, even when this fails, and
  /// nothing waits.
  ///
  /// - Throws: ``Failure`` when the disk is full or the reader has gone.
  func flush(_ batch: inout RecordBatch) throws {
    guard batch.octets.count > 0 else { return }
    let start = isRegular ? try? file.seek(offset: 0, from: .current) : nil
    defer { batch.removeAll() }
    do throws(Errno) {
      try write(batch.octets)
      recordsWritten += UInt64(batch.ends.count)
    } catch {
      if let start { cutBack(from: start, batch.ends) }
      throw Self.failure(error, name, "ends after \(recordsWritten) whole records")
    }
  }

  private func write(_ octets: borrowing RecordBuffer) throws(Errno) {
    var written = 0
    while written < octets.count {
      do throws(SystemCallError) {
        written += try octets.write(to: file.rawValue, from: written)
      } catch {
        throw Errno(rawValue: error.code)
      }
    }
  }

  /// Cuts the file to the end of the last record that is whole, after a write broke off.
  private func cutBack(from start: Int64, _ ends: [Int]) {
    let position = (try? file.seek(offset: 0, from: .current)) ?? start
    let whole = ends.prefix { Int64($0) <= position - start }
    recordsWritten += UInt64(whole.count)
    try? file.resize(to: start + Int64(whole.last ?? 0))
  }

  /// Opens what is to be written; tells whether that made a new file.
  private static func opened(_ path: String, _ name: String) throws -> (FileDescriptor, Bool) {
    guard path != "-" else { return (.standardOutput, false) }
    do {
      do {
        return (try created(path, .exclusiveCreate), true)
      } catch Errno.fileExists {
        return (try created(path, .truncate), false)
      }
    } catch let error as Errno {
      throw failure(error, name, "cannot be written")
    }
  }

  private static func created(
    _ path: String, _ option: FileDescriptor.OpenOptions
  ) throws -> FileDescriptor {
    try .open(
      FilePath(path), .writeOnly, options: [.create, option],
      permissions: [.ownerReadWrite, .groupRead, .otherRead])
  }

  private static func failure(_ error: Errno, _ name: String, _ what: String) -> Failure {
    switch error {
    case .noSuchFileOrDirectory, .isDirectory, .notDirectory:
      Failure(.usage, "\(name) \(what): \(error)")
    case .permissionDenied, .notPermitted, .readOnlyFileSystem:
      Failure(.permission, "\(name) \(what): \(error)")
    case .brokenPipe: Failure(.success, "\(name) \(what): its reader has gone")
    default: Failure(.resources, "\(name) \(what): \(error)")
    }
  }
}
