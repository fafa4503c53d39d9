import Determinism
import Handshake

/// One thing that a scenario can say: its name in a file, and with dashes its flag.
struct ScenarioKey: Sendable {
  /// In snake_case, as it stands in a scenario file.
  let name: String
  /// Sets it from its text.
  let read: @Sendable (String, inout SimulationPlan) throws(ScenarioProblem) -> Void
  /// Tells it as it stands.
  let write: @Sendable (SimulationPlan) -> JSONValue

  /// As it is written on the command line.
  var flag: String { "--" + name.replacing("_", with: "-") }
}

/// What is wrong with a value, as the end of a sentence that begins with the key.
struct ScenarioProblem: Error, CustomStringConvertible {
  let description: String

  init(expected: String, found: String) {
    description = "must be \(expected), not '\(found)'."
  }
}

extension ScenarioKey {
  /// A whole number within `range`.
  static func count(
    _ name: String, _ path: any WritableKeyPath<SimulationPlan, Int> & Sendable,
    _ range: ClosedRange<Int>
  ) -> Self {
    Self(name: name) { text, plan throws(ScenarioProblem) in
      guard let count = Int(text), range.contains(count) else {
        throw ScenarioProblem(
          expected: "a whole number from \(range.lowerBound) to \(range.upperBound)", found: text)
      }
      plan[keyPath: path] = count
    } write: {
      .integer($0[keyPath: path])
    }
  }

  /// A number within `range`.
  static func number(
    _ name: String, _ path: any WritableKeyPath<SimulationPlan, Double> & Sendable,
    _ range: ClosedRange<Double>
  ) -> Self {
    Self(name: name) { text, plan throws(ScenarioProblem) in
      plan[keyPath: path] = try number(text, range)
    } write: {
      .number($0[keyPath: path])
    }
  }

  /// A length of time with a unit, of at least `least`.
  static func duration(
    _ name: String, _ path: any WritableKeyPath<SimulationPlan, Nanoseconds> & Sendable,
    atLeast least: Nanoseconds = .zero, atMost most: Nanoseconds = .seconds(1_000_000_000)
  ) -> Self {
    Self(name: name) { text, plan throws(ScenarioProblem) in
      plan[keyPath: path] = try length(text, least...most)
    } write: {
      .string($0[keyPath: path].shortText)
    }
  }

  /// One of a few words.
  static func choice<Value: Equatable & Sendable>(
    _ name: String, _ path: any WritableKeyPath<SimulationPlan, Value> & Sendable,
    _ words: [(word: String, value: Value)]
  ) -> Self {
    Self(name: name) { text, plan throws(ScenarioProblem) in
      guard let choice = words.first(where: { $0.word == text }) else {
        throw ScenarioProblem(expected: alternatives(words.map(\.word)), found: text)
      }
      plan[keyPath: path] = choice.value
    } write: { plan in
      words.first { $0.value == plan[keyPath: path] }.map { .string($0.word) } ?? .null
    }
  }

  static func number(
    _ text: String, _ range: ClosedRange<Double>
  ) throws(ScenarioProblem) -> Double {
    guard let number = Double(text), range.contains(number) else {
      throw ScenarioProblem(
        expected: "a number from \(plain(range.lowerBound)) to \(plain(range.upperBound))",
        found: text)
    }
    return number
  }

  static func length(
    _ text: String, _ range: ClosedRange<Nanoseconds>
  ) throws(ScenarioProblem) -> Nanoseconds {
    guard let length = try? Nanoseconds(parsing: text), range.contains(length) else {
      throw ScenarioProblem(
        expected: "a duration with a unit (ns, us, ms, s, m, h) from "
          + "\(range.lowerBound.shortText) to \(range.upperBound.shortText)", found: text)
    }
    return length
  }

  /// `a, b or c`.
  static func alternatives(_ words: [String]) -> String {
    words.count < 2
      ? words.joined() : words.dropLast().joined(separator: ", ") + " or " + words[words.count - 1]
  }

  private static func plain(_ number: Double) -> String {
    number == number.rounded() ? String(Int(number)) : String(number)
  }
}
