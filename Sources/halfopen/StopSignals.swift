import Dispatch
import Foundation

/// The signals that ask the program to end, SIGINT and SIGTERM, taken away from their default, which
/// is to kill, for as long as this value lives.
final class StopSignals {
  private let sources: [any DispatchSourceSignal]
  private let statuses: AsyncStream<ExitStatus>

  init() {
    let (stream, continuation) = AsyncStream.makeStream(of: ExitStatus.self)
    statuses = stream
    sources = Self.numbers.map { number, status in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { continuation.yield(status) }
      source.activate()
      return source
    }
  }

  deinit {
    for source in sources { source.cancel() }
    for (number, _) in Self.numbers { signal(number, SIG_DFL) }
  }

  /// Waits for the next of them.
  ///
  /// - Returns: The status to end with.
  func next() async -> ExitStatus {
    for await status in statuses { return status }
    return .interrupted
  }

  private static let numbers = [(SIGINT, ExitStatus.interrupted), (SIGTERM, .terminated)]
}
