import Determinism
import Handshake

extension BackoffReading {
  /// What would tell the candidates apart, soonest first; nil for fewer than two.
  public var tellingApart: String? {
    guard candidates.count > 1 else { return nil }
    let places = (gaps.count..<gaps.count + 12).first { number in
      Set(candidates.map { $0.schedule.timeout(after: number) }).count > 1
    }
    if let places, places <= candidates.map(\.schedule.retries).max() ?? 0 {
      return "wait \(places + 1) tells: "
        + Self.grouped(candidates) { $0.schedule.timeout(after: places) }
    }
    return "when it gives up tells: " + Self.grouped(candidates) { $0.givesUpAfter }
  }

  private static func grouped(
    _ candidates: [BackoffPattern], by length: (BackoffPattern) -> Nanoseconds
  ) -> String {
    var groups: [(length: Nanoseconds, names: [String])] = []
    for candidate in candidates {
      if let index = groups.firstIndex(where: { $0.length == length(candidate) }) {
        groups[index].names.append(candidate.description)
      } else {
        groups.append((length(candidate), [candidate.description]))
      }
    }
    return groups.map {
      "\($0.length.count / 1_000_000_000) s (\($0.names.joined(separator: ", ")))"
    }
    .joined(separator: ", ")
  }

  private var waits: String {
    gaps.map { ($0.seconds * 100).rounded() / 100 }.map { "\($0)" }.joined(separator: ", ") + " s"
  }

  private var expectation: String {
    guard let last else { return "" }
    return switch next {
    case .expected(let range):
      "; next in \((range.lowerBound - last).inWords) to \((range.upperBound - last).inWords)"
    case .givingUp(let range):
      "; was the last by default, given up within \((range.upperBound - last).inWords)"
    case .unknown: ""
    }
  }
}

extension BackoffReading: CustomStringConvertible {
  /// One sentence for a person.
  public var description: String {
    let names = candidates.map(\.description).joined(separator: " or ")
    let words =
      switch rhythm {
      case .single: "sent once"
      case .known: "sent again after \(waits), as by \(names)"
      case .constant(let interval):
        "sent again every \(interval.inWords), as by a scanner or a probe, not by a known stack"
      case .irregular: "sent again after \(waits), as by no known stack"
      }
    return words + expectation
  }
}
