import DatagramDemos
import LinuxPacketIO
import Synchronization
import Wire

/// What a receiver has heard so far: prints the records, counts the rest, and knows when enough
/// have come.
final class ReceivedScores: Sendable {
  private struct Counts {
    var records = 0
    var refused: [String: Int] = [:]
    var failures = 0
  }

  private let format: DatagramReceive.RecordFormat
  private let limit: Int?
  private let counts = Mutex(Counts())
  private let endings: AsyncStream<ExitStatus>
  private let end: AsyncStream<ExitStatus>.Continuation

  init(format: DatagramReceive.RecordFormat, limit: Int?) {
    self.format = format
    self.limit = limit
    (endings, end) = AsyncStream.makeStream()
  }

  /// Takes what the receiver tells; once enough records have come, nothing is printed any more.
  func take(_ event: ScoreEvent) {
    counts.withLock { counts in
      if let limit, counts.records >= limit { return }
      switch event {
      case .record(let record, let peer):
        counts.records += 1
        StandardOutput.write(text(of: record, from: peer))
        if counts.records == limit { end.yield(.success) }
      case .refused(let error, let peer):
        counts.refused[error.kind, default: 0] += 1
        StandardError.write("no record from \(peer): \(error)\n")
      case .failed(let reason):
        counts.failures += 1
        StandardError.write("the socket failed, receiving goes on: \(reason)\n")
      }
    }
  }

  /// Waits until enough records have come, the time is over, or a signal comes.
  ///
  /// - Returns: The status to end with.
  func ending(_ signals: SignalWatch, after duration: DurationArgument?) async -> ExitStatus {
    let watch = Task { end.yield(await signals.stop()) }
    let timer = Task {
      guard let duration else { return }
      try await Task.sleep(for: duration.duration)
      end.yield(.success)
    }
    defer {
      watch.cancel()
      timer.cancel()
    }
    for await status in endings { return status }
    return .success
  }

  /// Whether anything came that was no record.
  var hasRefused: Bool { counts.withLock { !$0.refused.isEmpty } }

  /// One line with all counts.
  var summary: String {
    counts.withLock { counts in
      let refused = ScoreRecordError.allCases.map(\.kind).compactMap { kind in
        counts.refused[kind].map { "\($0) \(kind)" }
      }
      let total = counts.refused.values.reduce(0, +)
      let reasons = refused.isEmpty ? "" : " (" + refused.joined(separator: ", ") + ")"
      return "\(counts.records) \(counts.records == 1 ? "record" : "records"), "
        + "\(total) refused\(reasons)\n"
    }
  }

  private func text(of record: ScoreRecord, from peer: DatagramPeer) -> String {
    switch format {
    case .text:
      """
      --MESSAGE FROM:\(peer)--
      name: \(TerminalText.harmless(record.name))
      math: \(record.math)
      chinese: \(record.chinese)\n
      """
    case .jsonl:
      JSONValue.object([
        ("schema", .string("halfopen.datagram/1")), ("name", .string(record.name)),
        ("math", .integer(Int(record.math))), ("chinese", .integer(Int(record.chinese))),
        ("from", .string("\(peer)")),
      ]).text + "\n"
    }
  }
}
