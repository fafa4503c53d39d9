import Foundation

/// One flag of a scenario and the values it takes, one run after the other.
struct SweepAxis {
  let key: ScenarioKey
  /// As they are written on the command line.
  let values: [String]

  /// The most values; each is a simulation for every curve.
  private static let mostValues = 1_000

  /// Reads `FLAG=VALUE,VALUE,...`, or `FLAG=FROM..TO/POINTS` for numbers, each as many times the last
  /// as that was of the one before.
  ///
  /// - Parameters:
  ///   - text: What follows `--sweep`.
  ///   - plan: What each value must fit into.
  /// - Throws: ``Failure`` (2) for a flag that does not exist, a value it cannot take, a range that is
  ///   none.
  init(parsing text: String, for plan: SimulationPlan) throws(Failure) {
    let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2 else {
      throw Failure(.usage, "--sweep must be FLAG=FROM..TO/POINTS or FLAG=VALUE,VALUE,...")
    }
    let name = parts[0].replacing("-", with: "_")
    guard let key = ScenarioKey.named(name) else {
      let nearest = NearestName.nearest(to: name, among: ScenarioKey.all.map(\.name)) ?? ""
      throw Failure(
        .usage,
        "--sweep knows no flag '\(parts[0])'; did you mean '\(nearest.replacing("_", with: "-"))'?")
    }
    self.key = key
    values = try Self.range(parts[1]) ?? parts[1].split(separator: ",").map(String.init)
    guard (1...Self.mostValues).contains(values.count) else {
      throw Failure(.usage, "--sweep takes from 1 to \(Self.mostValues) values.")
    }
    for value in values { _ = try self.plan(plan, at: value) }
  }

  /// The plan with the flag at `value`.
  func plan(_ plan: SimulationPlan, at value: String) throws(Failure) -> SimulationPlan {
    var plan = plan
    do {
      try key.read(value, &plan)
    } catch {
      throw Failure(.usage, "\(key.flag) \(error)")
    }
    try plan.check()
    return plan
  }

  /// The values as numbers; nil when one is none.
  var numbers: [Double]? {
    let numbers = values.compactMap { Double($0) }
    return numbers.count == values.count ? numbers : nil
  }

  /// `count` numbers from the first value to the last, close enough to draw a line through; nil
  /// where values are no numbers.
  func fineNumbers(_ count: Int) -> [Double]? {
    guard let first = numbers?.min(), let last = numbers?.max(), first < last else { return nil }
    return Self.steps(from: first, to: last, count)
  }

  /// Whether the numbers lie so far apart that only their logarithms show them all.
  var isLogarithmic: Bool {
    guard let first = numbers?.min(), let last = numbers?.max() else { return false }
    return first > 0 && last / first >= 20
  }

  private static func range(_ text: String) throws(Failure) -> [String]? {
    guard let match = text.wholeMatch(of: /(.*)\.\.(.*)\/([0-9]+)/) else { return nil }
    guard let first = Double(match.1), let last = Double(match.2), let count = Int(match.3),
      first < last, first >= 0, last <= 1e15, (2...mostValues).contains(count)
    else {
      throw Failure(
        .usage,
        "--sweep takes a range as FROM..TO/POINTS: two numbers, the smaller first, and from 2 to "
          + "\(mostValues) points.")
    }
    return steps(from: first, to: last, count).map(digits)
  }

  private static func steps(from first: Double, to last: Double, _ count: Int) -> [Double] {
    (0..<count).map { place in
      let share = Double(place) / Double(count - 1)
      return first > 0 ? first * pow(last / first, share) : last * share
    }
  }

  /// Three digits are enough, and are the same whichever way a machine rounds powers.
  private static func digits(_ number: Double) -> String {
    let short = Double(String(format: "%.2e", number)) ?? number
    return short == short.rounded() ? String(Int(short)) : String(short)
  }
}
