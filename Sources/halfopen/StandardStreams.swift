import Foundation
import SystemPackage

/// Where data goes; nothing else is ever written there.
enum StandardOutput {
  /// Writes `text`, or ends the program: quietly when the reader has gone, with a sentence when the
  /// disk is full.
  static func write(_ text: String) { write(Array(text.utf8)) }

  /// Writes `bytes`, with the same endings.
  static func write(_ bytes: [UInt8]) {
    do {
      try FileDescriptor.standardOutput.writeAll(bytes)
    } catch Errno.brokenPipe {
      Foundation.exit(ExitStatus.success.rawValue)
    } catch {
      StandardError.write("halfopen: cannot write standard output: \(error)\n")
      Foundation.exit(ExitStatus.resources.rawValue)
    }
  }
}

/// Where everything goes that is not data: messages, progress, speed.
enum StandardError {
  /// Writes `text`; a standard error that cannot be written is nobody's to hear of.
  static func write(_ text: String) {
    _ = try? FileDescriptor.standardError.writeAll(Array(text.utf8))
  }
}
