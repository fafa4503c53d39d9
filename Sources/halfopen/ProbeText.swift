import Annotation
import Probe
import Wire

/// What a probe has found, for people.
enum ProbeText {
  /// The findings, one after the other, each with what speaks for it.
  static func text(
    of verdict: ProbeVerdict, on target: Endpoint, through door: ProbeGuard?
  ) -> String {
    let parts: [String?] = [
      heading(target, door), entry("port", "\(verdict.port)"), cookies(verdict), numbers(verdict),
      clock(verdict), schedule(verdict), options(verdict), resets(verdict),
    ]
    return parts.compactMap { $0 }.joined()
  }

  private static let width = 12

  private static func entry(_ name: String, _ text: String) -> String {
    name.padded(to: width) + text + "\n"
  }

  private static func heading(_ target: Endpoint, _ door: ProbeGuard?) -> String {
    guard let door else { return "\(target)\n" }
    let others = door.addresses.dropFirst().map { ", \($0)" }.joined()
    let name =
      door.host == "\(target.address)" ? "" : " (\(door.host): \(target.address)\(others))"
    return "\(target)\(name), asked from \(door.source) through \(door.interface)\n"
  }

  private static func cookies(_ verdict: ProbeVerdict) -> String? {
    guard case .open = verdict.port.state else { return nil }
    let finding = verdict.cookies
    var text = entry("cookies", "\(finding)")
    for clause in finding.evidence { text += entry("", "by: " + clause) }
    if finding.candidates.count > 1 {
      text += entry(
        "",
        "candidates: "
          + finding.candidates.prefix(4).map { "\($0.name) \(percentage($0.probability))" }
          .joined(separator: ", "))
    }
    if finding.hasReadableTimestamps == true {
      text += entry(
        "", "options legible in TSval: tcp_timestamps 2, netfilter's SYNPROXY, or XDP")
    }
    return text
  }

  private static func percentage(_ probability: Double) -> String {
    probability < 0.001
      ? probability.asOneIn : NumberText.percent(probability, digits: 1)
  }

  private static func numbers(_ verdict: ProbeVerdict) -> String? {
    guard case .open = verdict.port.state else { return nil }
    return entry("numbers", "\(verdict.numbers)")
  }

  private static func clock(_ verdict: ProbeVerdict) -> String? {
    guard case .open = verdict.port.state else { return nil }
    return entry("timestamps", "\(verdict.clock)")
  }

  private static func schedule(_ verdict: ProbeVerdict) -> String? {
    verdict.schedule.map { entry("schedule", "\($0)") }
  }

  private static func options(_ verdict: ProbeVerdict) -> String? {
    guard case .open = verdict.port.state, !verdict.options.isEmpty else { return nil }
    let offers = verdict.options.map { "\($0.offer)" }
    let widest = offers.map(\.count).max() ?? 0
    let lines = zip(offers, verdict.options).enumerated().map { index, row in
      entry(
        index == 0 ? "options" : "",
        row.0.padded(to: widest) + "  →  "
          + (row.1.answer.map { "\($0)" } ?? "no SYN-ACK"))
    }
    return lines.joined()
  }

  private static func resets(_ verdict: ProbeVerdict) -> String? {
    guard !verdict.resets.isEmpty else { return nil }
    let causes = verdict.resets.map { "\($0.cause)" }
    let widest = causes.map(\.count).max() ?? 0
    let lines = zip(causes, verdict.resets).enumerated().map { index, row in
      entry(index == 0 ? "resets" : "", row.0.padded(to: widest) + "  →  \(row.1.outcome)")
    }
    return lines.joined()
  }
}
