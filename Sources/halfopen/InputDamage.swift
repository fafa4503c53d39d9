import CaptureFiles
import PackedFiles

/// What of an input could not be read, in sentences.
struct InputDamage {
  let name: String
  /// What is wrong with the packed stream.
  let packing: PackingDamage?
  /// The stretches of the capture file that could not be read.
  let stretches: CaptureDamages

  /// So many stretches are told one by one.
  private static let mostTold = 10

  /// Whether all could be read.
  var isEmpty: Bool { packing == nil && stretches.isEmpty }

  /// The failure that ends the program after the readable part was processed; nil without damage.
  var failure: Failure? {
    guard !isEmpty else { return nil }
    if let first = stretches.first.first, first.offset == 0, first.resumed == nil {
      let reason = packing.map { "; \($0)" } ?? ""
      return Failure(
        .damagedInput, "\(name) cannot be read as a capture: \(first.problem)\(reason).")
    }
    return Failure(
      .damagedInput,
      "\(name) is damaged \(clauses.joined(separator: "; and ")); what could be read was processed."
    )
  }

  /// What is wrong, where, and how much was lost, the packed stream first.
  var clauses: [String] {
    var clauses = packing.map { [": \($0)"] } ?? []
    clauses += stretches.first.prefix(Self.mostTold).map { "\($0)" }
    if stretches.count > Self.mostTold {
      let rest = stretches.count - Self.mostTold
      clauses.append("at \(rest) places more, \(stretches.skipped) octets lost in all")
    }
    return clauses
  }
}
