import ArgumentParser
import DatagramDemos
import LinuxPacketIO
import Synchronization

/// What is shown of a transfer while it goes on, and what its end means.
final class TransferProgress: Sendable {
  private let line = Mutex(ProgressLine())
  private let verb: String

  /// Shows octets that are `verb`.
  init(_ verb: String) {
    self.verb = verb
  }

  func show(_ octets: UInt64, of size: UInt64) {
    guard size > 0 else { return }
    line.withLock {
      $0.show(
        "\(NumberText.grouped(Double(octets))) of \(NumberText.grouped(Double(size))) octets "
          + "\(verb), \(100 * octets / size) %")
    }
  }

  func clear() { line.withLock { $0.clear() } }

  /// The error to end the program with.
  static func ending(
    _ failure: TransferFailure, _ signals: SignalWatch, _ what: String
  ) -> any Error {
    if failure == .stopped, let request = signals.request {
      return ExitCode(
        (request == .interrupt ? ExitStatus.interrupted : .terminated).rawValue)
    }
    return Failure(status(of: failure), "\(what): \(failure).")
  }

  private static func status(of failure: TransferFailure) -> ExitStatus {
    switch failure {
    case .nobodyListens, .noAnswer, .silence, .receiverGone, .unconfirmed, .refused,
      .digestDiffers, .stopped:
      .expectationFailed
    case .nameTaken, .badName, .tooLong, .file: .usage
    case .socket(let failure): Datagram.status(of: failure)
    }
  }
}
