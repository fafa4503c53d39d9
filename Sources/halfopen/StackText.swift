import Determinism
import FloodSimulation
import Handshake

/// The sentence on how a stack fared, from the run's own numbers.
enum StackText {
  static func reason(for report: FloodReport, duration: Nanoseconds) -> String {
    [
      pool(report, duration: duration), evictions(report), cookies(report),
      refusals(report),
    ].compactMap { $0 }.joined(separator: "; ") + "."
  }

  private static func pool(_ report: FloodReport, duration: Nanoseconds) -> String? {
    let admitted = report.counters.entriesAdmitted
    guard admitted > 0 else { return "no SYN got a slot" }
    let rate = Double(admitted) / duration.seconds
    return "\(NumberText.oneDecimal(rate)) SYN/s got one of \(report.halfOpen.capacity) slots"
  }

  private static func evictions(_ report: FloodReport) -> String? {
    let evicted = report.counters.entriesEvicted
    return evicted > 0 ? "\(NumberText.grouped(Double(evicted))) had to give it up again" : nil
  }

  private static func cookies(_ report: FloodReport) -> String? {
    let sent = report.cookies.sent
    return sent > 0 ? "\(NumberText.grouped(Double(sent))) got a cookie" : nil
  }

  private static func refusals(_ report: FloodReport) -> String? {
    let refused = report.counters.synsRefused
    guard refused > 0 else { return "none was refused" }
    let reserved = report.counters.dropped(.reservedForProvenPeers)
    let queue = report.counters.synsDroppedForAcceptQueue
    let causes = [
      reserved > 0 ? "\(NumberText.grouped(Double(reserved))) for want of a proven peer" : nil,
      queue > 0 ? "\(NumberText.grouped(Double(queue))) at a full accept queue" : nil,
    ].compactMap { $0 }.joined(separator: ", ")
    return "\(NumberText.grouped(Double(refused))) were refused"
      + (causes.isEmpty ? "" : " (\(causes))")
  }
}
