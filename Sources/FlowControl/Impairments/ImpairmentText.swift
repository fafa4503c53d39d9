public import Determinism

extension Impairment: CustomStringConvertible {
  /// The names that a text may set, in the order in which ``description`` writes them.
  public static let keys = ["loss", "duplicate", "reorder", "corrupt", "delay", "hold"]

  /// Reads a list such as `loss=5%,duplicate=1%,reorder=2%,corrupt=0.1%,delay=10ms`, in any order.
  ///
  /// A share is a percentage or a number from 0 to 1; `hold=2ms` is by how much a reordered copy is
  /// late; `none` is a path that leaves every packet alone.
  ///
  /// - Throws: ``ImpairmentTextError``, which names the part that cannot be read.
  public init(parsing text: some StringProtocol) throws(ImpairmentTextError) {
    self.init()
    guard text != "none" else { return }
    var seen: [String] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard sides.count == 2 else { throw .noValue(String(part)) }
      let key = String(sides[0])
      guard !seen.contains(key) else { throw .repeated(key) }
      seen.append(key)
      try set(key, to: String(sides[1]))
    }
  }

  private mutating func set(_ key: String, to value: String) throws(ImpairmentTextError) {
    switch key {
    case "loss": loss = try Self.share(value, of: key)
    case "duplicate": duplicate = try Self.share(value, of: key)
    case "reorder": reorder = try Self.share(value, of: key)
    case "corrupt": corrupt = try Self.share(value, of: key)
    case "delay": delay = try Self.length(value, of: key)
    case "hold": hold = try Self.length(value, of: key)
    case let key: throw .unknown(key)
    }
  }

  private static func share(
    _ value: String, of key: String
  ) throws(ImpairmentTextError) -> Double {
    let isPercentage = value.hasSuffix("%")
    let digits = isPercentage ? value.dropLast() : value[...]
    let isPlain = !digits.isEmpty && digits.allSatisfy { "0123456789.".contains($0) }
    guard isPlain, let number = Double(digits), number <= (isPercentage ? 100 : 1) else {
      throw .noShare(key: key, value: value)
    }
    return isPercentage ? number / 100 : number
  }

  private static func length(
    _ value: String, of key: String
  ) throws(ImpairmentTextError) -> Nanoseconds {
    do throws(DurationTextError) {
      return try Nanoseconds(parsing: value)
    } catch {
      throw .noDuration(key: key, value: value, error)
    }
  }

  /// A text that reads back as the same value; `none` for a path that leaves every packet alone.
  public var description: String {
    var parts: [String] = []
    for (key, share) in zip(Self.keys, [loss, duplicate, reorder, corrupt]) where share > 0 {
      parts.append("\(key)=\(share)")
    }
    if delay != .zero { parts.append("delay=\(delay.count)ns") }
    if reorder > 0 { parts.append("hold=\(hold.count)ns") }
    return parts.isEmpty ? "none" : parts.joined(separator: ",")
  }
}

/// Why a text is no ``Impairment``.
public enum ImpairmentTextError: Error, Hashable, Sendable, CustomStringConvertible {
  /// There is nothing of that name to set.
  case unknown(String)
  /// A part without `=`.
  case noValue(String)
  /// A name that is set twice.
  case repeated(String)
  /// No percentage, and no number from 0 to 1.
  case noShare(key: String, value: String)
  /// No length of time.
  case noDuration(key: String, value: String, DurationTextError)

  /// One clause for whoever typed the text.
  public var description: String {
    switch self {
    case .unknown(let key):
      "there is nothing called '\(key)' to impair; there are "
        + Impairment.keys.joined(separator: ", ")
    case .noValue(let part): "'\(part)' needs a value, such as loss=5%"
    case .repeated(let key): "\(key) is set twice"
    case .noShare(let key, let value):
      "\(key) is a share, such as 5% or 0.05, from 0 to 100%, not '\(value)'"
    case .noDuration(let key, let value, let reason): "\(key): \(reason), not '\(value)'"
    }
  }
}
