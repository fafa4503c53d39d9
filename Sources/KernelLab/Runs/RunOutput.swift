import Determinism

/// What a run's processes say, read.
enum RunOutput {
  /// What a flood said.
  struct Flood {
    var sent: Int
    var latest: Nanoseconds
    var instants: [Instant] = []
  }

  /// Reads a flood's one object.
  static func flood(_ text: String) throws(KernelRunError) -> Flood {
    guard let sent = number("syns_sent", in: text),
      let latest = number("lateness_max_ns", in: text),
      let list = text.firstRange(of: "\"batches\":[")
    else { throw .unreadable(name: "flood") }
    var flood = Flood(sent: sent, latest: Nanoseconds(Int64(latest)))
    for pair in text[list.upperBound...].split(separator: "]") {
      let numbers = pair.split { !$0.isNumber }.compactMap { Int64($0) }
      guard numbers.count == 2 else { continue }
      let instant = Instant(nanoseconds: numbers[0])
      flood.instants += repeatElement(instant, count: Int(numbers[1]))
    }
    guard flood.instants.count == sent else { throw .unreadable(name: "flood") }
    return flood
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
      clients.lateness.append(Nanoseconds(late))
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
