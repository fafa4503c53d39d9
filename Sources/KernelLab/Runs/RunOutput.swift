import Determinism

/// What a run's processes say, read.
enum RunOutput {
  /// Reads a flood's one object.
  static func flood(_ text: String) throws(KernelRunError) -> (sent: Int, latest: Nanoseconds) {
    guard let sent = number("syns_sent", in: text), let latest = number("lateness_max_ns", in: text)
    else { throw .unreadable(name: "flood") }
    return (sent, Nanoseconds(Int64(latest)))
  }

  /// Reads the clients' lines.
  ///
  /// - Parameters:
  ///   - text: All that they said.
  ///   - firstTimeout: How long after its first SYN a client sends the second.
  /// - Returns: What became of them.
  /// - Throws: ``KernelRunError/unreadable(name:)``.
  static func legitimate(
    _ text: String, firstTimeout: Nanoseconds
  ) throws(KernelRunError) -> KernelReport.Legitimate {
    var clients = KernelReport.Legitimate()
    for line in text.split(separator: "\n").dropFirst() {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      guard fields.count == 4, let late = Int64(fields[2]), let restarts = Int(fields[3]) else {
        throw .unreadable(name: "clients")
      }
      let latency = Int64(fields[1]).map { Nanoseconds($0) }
      clients.attempted += 1
      clients.restarts += restarts
      clients.latest = max(clients.latest, Nanoseconds(late))
      switch fields[0] {
      case "completed":
        clients.completed += 1
        if let latency { clients.connectLatencies.append(latency) }
      case "refused": clients.refused += 1
      case "unanswered": clients.unanswered += 1
      case "stalled": clients.stalled += 1
      default: clients.failedHere += 1
      }
      if let latency, latency < firstTimeout, restarts == 0 { clients.establishedByFirstSyn += 1 }
    }
    clients.connectLatencies.sort()
    return clients
  }

  private static func number(_ key: String, in text: String) -> Int? {
    guard let place = text.firstRange(of: "\"\(key)\":") else { return nil }
    return Int(text[place.upperBound...].prefix { $0.isNumber })
  }
}
