import Determinism
import Wire

/// How properties put traffic into words, for the reader of a counterexample.
enum EventText {
  /// Writes an instant as seconds and milliseconds.
  static func time(_ now: Instant) -> String {
    let milliseconds = now.nanoseconds / 1_000_000
    let rest = String(milliseconds % 1_000)
    return "\(milliseconds / 1_000)." + String(repeating: "0", count: max(0, 3 - rest.utf8.count))
      + rest + " s"
  }

  /// Writes what a segment says, numbers near a known one as that one and a distance.
  ///
  /// - Parameters:
  ///   - segment: The segment.
  ///   - known: Letters for initial sequence numbers.
  /// - Returns: Flags and numbers, and how much data if any.
  static func segment(
    _ segment: Segment, known: [(letter: String, number: SequenceNumber)] = []
  ) -> String {
    var text = "\(segment.flags) seq \(number(segment.sequence, known: known))"
    if segment.flags.contains(.ack) {
      text += " ack \(number(segment.acknowledgment, known: known))"
    }
    if !segment.payload.isEmpty { text += " with \(segment.payload.count) octets" }
    return text
  }

  private static func number(
    _ number: SequenceNumber, known: [(letter: String, number: SequenceNumber)]
  ) -> String {
    for (letter, base) in known {
      let distance = Int(Int32(bitPattern: base.distance(to: number)))
      if distance == 0 { return letter }
      if abs(distance) < 100_000 { return letter + (distance < 0 ? "" : "+") + "\(distance)" }
    }
    return "\(number.rawValue)"
  }
}
