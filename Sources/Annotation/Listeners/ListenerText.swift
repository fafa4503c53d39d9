import Determinism

/// The view of listeners for people: a block for each, then what concerns several.
struct ListenerText {
  let report: ListenerReport

  var text: String {
    let refusing = report.listeners.filter { $0.refusesAll }
    let isMuch = refusing.count > Self.mostRefusing
    let blocks = report.records.filter { !isMuch || !$0.refusesAll }.map(block)
    let rest = (isMuch ? [line(ofRefusing: refusing)] : []) + lines
    return (blocks + (rest.isEmpty ? [] : [rest.map { $0 + "\n" }.joined()]))
      .joined(separator: "\n")
  }

  /// So many that refuse whatever comes have blocks of their own; the ports of a scan have a line.
  private static let mostRefusing = 10

  private func line(ofRefusing listeners: [ListenerRecord]) -> String {
    let syns = listeners.reduce(0) { $0 + $1.tally.syns }
    let names = listeners.prefix(3).compactMap { $0.endpoint.map { "\($0)" } }
    return "\(listeners.count) listeners refused each of \(syns) SYNs: "
      + names.joined(separator: ", ") + " ..."
  }

  private func block(_ record: ListenerRecord) -> String {
    var facts = [
      ("SYNs", syns(of: record)), ("answered", answers(to: record.tally)),
      ("refused", refusals(of: record.tally)), ("ignored", silence(of: record)),
      ("half-open", halfOpen(of: record)),
    ]
    if record.tally.syns == 0 { facts = [] }
    if let signs = record.signs { facts += words(of: signs, record.tally) }
    return name(of: record) + "\n"
      + facts.map { "  \($0.0.padded(to: Self.width))  \($0.1)\n" }.joined()
  }

  private static let width = "accept queue".utf8.count

  private func name(of record: ListenerRecord) -> String {
    record.endpoint.map { "\($0)" }
      ?? "others: \(report.forgotten.counted("listener")) that there was no room for, together"
  }

  private func syns(of record: ListenerRecord) -> String {
    let tally = record.tally
    var words = "\(tally.syns)"
    if tally.synsAgain > 0 { words += ", \(tally.synsAgain) sent again" }
    if let flood = record.signs?.flood, tally.syns > 0 {
      let sources = flood.distinctSources
      words += "; from \(sources > 16 ? "about " : "")\(sources.counted("address", "es"))"
      words += ", at most \(flood.syns.peak) a second"
    }
    return words
  }

  private func answers(to tally: ListenerTally) -> String {
    Self.sum(
      tally.answered,
      [
        (tally.established, "established"), (tally.neverAcknowledged, "never acknowledged"),
        (tally.acknowledgedInVain, "whose ACK the server did not take"),
        (tally.resetByClient, "reset by the client"), (tally.resetByServer, "reset by the server"),
      ])
      + (tally.synAcksAgain > 0 ? "; \(tally.synAcksAgain.counted("SYN-ACK")) sent again" : "")
  }

  private func refusals(of tally: ListenerTally) -> String {
    Self.sum(
      tally.refused, [(tally.refusedByHost, "by the host"), (tally.refusedByICMP, "by ICMP")])
  }

  private func silence(of record: ListenerRecord) -> String {
    let tally = record.tally
    var words = "\(tally.ignored)"
    if tally.undecided > 0 {
      words += "; \(tally.undecided) more had no answer when the capture ended"
    }
    if tally.unclear > 0 { words += "; of \(tally.unclear) the capture shows too little" }
    if record.isOneDirection { words += ": it seems to lack what the listener sent" }
    return words
  }

  private func halfOpen(of record: ListenerRecord) -> String {
    guard record.halfOpenPeak > 0 else { return "0" }
    var words = "at most \(record.halfOpenNow) at the end, at most \(record.halfOpenPeak) at peak"
    if let frame = record.halfOpenPeakFrame { words += " (frame \(frame)" }
    if let time = record.halfOpenPeakTime, let start = report.start {
      words += ", \((time - start).inWords) into the capture"
    }
    if record.halfOpenPeakFrame != nil { words += ")" }
    if case .sending = record.signs?.cookies.verdict { words += "; of those with cookies none" }
    return words
  }

  private func words(of signs: ListenerSigns, _ tally: ListenerTally) -> [(String, String)] {
    var words: [(String, String)] = []
    if signs.flood.verdict != .cannotTell { words.append(("flood", "\(signs.flood)")) }
    if tally.answered > 0 { words.append(("cookies", "\(signs.cookies)")) }
    if signs.acceptQueue.verdict != .noSign {
      words.append(("accept queue", "\(signs.acceptQueue)"))
    }
    if tally.withoutSyn > 0 {
      let isTold = signs.withoutSyn.verdict != .cannotTell
      words.append(
        (
          "without SYN",
          isTold
            ? "\(signs.withoutSyn)"
            : "\(tally.withoutSyn.counted("connection")), "
              + "\(tally.withoutSynAcknowledged) acknowledged"
        ))
    }
    if let hertz = signs.clockHertz { words.append(("timestamps", "\(hertz) a second")) }
    return words
  }

  /// A sum and what it is made of.
  private static func sum(_ sum: Int, _ parts: [(count: Int, name: String)]) -> String {
    let named = parts.filter { $0.count > 0 }.map { "\($0.count) \($0.name)" }
    return "\(sum)" + (named.isEmpty ? "" : ": " + named.joined(separator: ", "))
  }

  /// What concerns several listeners, or none.
  private var lines: [String] {
    var lines: [String] = []
    if report.withoutSyn.verdict != .cannotTell, report.listeners.count != 1 {
      lines.append("\(report.withoutSyn)")
    }
    lines += report.checksumLines.map { "checksums: \($0)" }
    if report.records.isEmpty { lines.append("no listener: nobody asked for a connection") }
    return lines + report.summary.leftOutLines
  }
}

extension String {
  /// The string with spaces behind it, up to a width in ASCII letters.
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - utf8.count))
  }
}

extension Int {
  /// The number with its noun, in the plural but for 1.
  fileprivate func counted(_ noun: String, _ plural: String = "s") -> String {
    "\(self) \(noun)\(self == 1 ? "" : plural)"
  }
}
