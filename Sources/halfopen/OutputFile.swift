import Foundation
import SystemPackage

/// Files that are either written whole or not at all.
enum OutputFile {
  /// Writes `text` so that nobody ever finds half of it under `path`.
  ///
  /// A failure leaves what stood there as it was. What is no regular file, such as `/dev/stdout` or
  /// a pipe, takes it as it comes.
  ///
  /// - Throws: ``Failure`` for a missing permission (4), a full disk (6) or a wrong path (2).
  static func write(_ text: String, to path: String) throws(Failure) {
    try write(Data(text.utf8), to: path)
  }

  /// Writes `data` (``write(_:to:)-(String,_)``).
  static func write(_ data: Data, to path: String) throws(Failure) {
    guard !path.isEmpty else { throw Failure(.usage, "cannot write a file without a name.") }
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    if attributes?[.type] as? FileAttributeType == .typeDirectory {
      throw Failure(.usage, "cannot write \(path): it is a directory.")
    }
    let isRegular = attributes.map { $0[.type] as? FileAttributeType == .typeRegular } ?? true
    do {
      try data.write(to: URL(filePath: path), options: isRegular ? .atomic : [])
    } catch {
      throw failure(of: error, "write \(path)")
    }
  }

  /// Makes the folder `path`, and those above it, where they are missing.
  ///
  /// - Throws: ``Failure``, as ``write(_:to:)-(String,_)`` does.
  static func makeFolder(_ path: String) throws(Failure) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw failure(of: error, "make the folder \(path)")
    }
  }

  /// What a failed system call means to whoever asked for a file.
  static func failure(_ error: Errno, _ attempt: String) -> Failure {
    switch error {
    case .permissionDenied, .notPermitted:
      Failure(.permission, "cannot \(attempt): permission denied.")
    case .readOnlyFileSystem:
      Failure(.permission, "cannot \(attempt): the file system is read-only.")
    case .noSpace: Failure(.resources, "cannot \(attempt): the disk is full.")
    case .noSuchFileOrDirectory: Failure(.usage, "cannot \(attempt): there is no such directory.")
    case .isDirectory: Failure(.usage, "cannot \(attempt): it is a directory.")
    default: Failure(.usage, "cannot \(attempt): \(error).")
    }
  }

  private static func failure(of error: any Error, _ attempt: String) -> Failure {
    switch (error as? CocoaError)?.code {
    case .fileWriteNoPermission?, .fileReadNoPermission?:
      Failure(.permission, "cannot \(attempt): permission denied.")
    case .fileWriteVolumeReadOnly?:
      Failure(.permission, "cannot \(attempt): the file system is read-only.")
    case .fileWriteOutOfSpace?:
      Failure(.resources, "cannot \(attempt): the disk is full.")
    case .fileNoSuchFile?, .fileReadNoSuchFile?:
      Failure(.usage, "cannot \(attempt): there is no such directory.")
    case .fileWriteFileExists?:
      Failure(.usage, "cannot \(attempt): a file has that name.")
    default:
      Failure(.usage, "cannot \(attempt): \(error.systemReason).")
    }
  }
}
