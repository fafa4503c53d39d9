import Foundation
import LinuxPacketIO
import SystemPackage

/// Where a long output goes as it comes: standard output, or a file that appears under its name
/// only when it is whole.
final class TextSink {
  /// What has not been written yet.
  var waiting: [UInt8] = []

  private let path: String?
  private let temporary: String?
  private let descriptor: FileDescriptor

  /// So many octets are worth a system call.
  static let much = 1 << 16

  /// Opens `path`, or standard output for nil.
  ///
  /// - Throws: ``Failure`` when the file cannot be made.
  init(_ path: String?) throws {
    self.path = path
    guard let path else {
      temporary = nil
      descriptor = .standardOutput
      return
    }
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    let isRegular = attributes.map { $0[.type] as? FileAttributeType == .typeRegular } ?? true
    temporary = isRegular ? path + ".part-\(getpid())" : nil
    do {
      descriptor = try .open(
        FilePath(temporary ?? path), .writeOnly,
        options: isRegular ? [.create, .exclusiveCreate] : [],
        permissions: [.ownerReadWrite, .groupRead, .otherRead])
    } catch let error as Errno {
      throw OutputFile.failure(error, "write \(path)")
    }
  }

  deinit {
    guard path != nil else { return }
    try? descriptor.close()
    if let temporary { try? FileManager.default.removeItem(atPath: temporary) }
  }

  /// Writes what waits, unless that is fewer than `least` octets.
  func write(atLeast least: Int) {
    guard waiting.count >= least else { return }
    write(&waiting, atLeast: least)
  }

  /// Writes `octets`, unless they are fewer than `least`, and empties them.
  func write(_ octets: inout [UInt8], atLeast least: Int) {
    guard octets.count >= least, !octets.isEmpty else { return }
    if path == nil {
      StandardOutput.write(octets)
    } else if failure == nil {
      do { try descriptor.writeAll(octets) } catch { failure = error as? Errno ?? .ioError }
    }
    octets.removeAll(keepingCapacity: true)
  }

  /// Writes what is left, and gives the file its name.
  ///
  /// - Throws: ``Failure`` when anything could not be written; then there is no file.
  func close() throws {
    write(&waiting, atLeast: 1)
    guard let path else { return }
    if let failure { throw OutputFile.failure(failure, "write \(path)") }
    guard let temporary else { return }
    do throws(SystemCallError) {
      try FileNaming.rename(temporary, to: path)
    } catch {
      throw OutputFile.failure(Errno(rawValue: error.code), "write \(path)")
    }
  }

  private var failure: Errno?
}
