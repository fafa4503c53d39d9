import ArgumentParser
import Determinism
import FlowControl

/// The controls by their names on the command line.
enum ControlName: String, ExpressibleByArgument, CaseIterable {
  case none
  case tokenBucket = "token-bucket"
  case stopAndWait = "stop-and-wait"
  case goBackN = "go-back-n"
  case selectiveRepeat = "selective-repeat"
  case reno
  case newReno = "newreno"
}

/// The disciplines by their names on the command line.
enum DisciplineName: String, ExpressibleByArgument, CaseIterable {
  case tailDrop = "tail-drop"
  case randomDrop = "random-drop"
  case red
}

/// What the application hands over.
enum ArrivalName: String, ExpressibleByArgument, CaseIterable {
  case saturated
  case poisson
  case constant
}

/// When a receiver acknowledges.
enum AckName: String, ExpressibleByArgument, CaseIterable {
  case atOnce = "at-once"
  case delayed
  case piggyback
}

/// How the lengths of packets are spread.
enum LengthName: String, ExpressibleByArgument, CaseIterable {
  case fixed
  case exponential

  var law: LengthLaw {
    switch self {
    case .fixed: .fixed
    case .exponential: .exponential
    }
  }
}

/// What `--timeout` takes.
enum TimeoutArgument: ExpressibleByArgument, Hashable, CustomStringConvertible {
  case adaptive
  case fixed(DurationArgument)

  init?(argument text: String) {
    if text == "adaptive" {
      self = .adaptive
    } else if let length = DurationArgument(argument: text), length.length > .zero {
      self = .fixed(length)
    } else {
      return nil
    }
  }

  var description: String {
    switch self {
    case .adaptive: "adaptive"
    case .fixed(let length): length.description
    }
  }

  var defaultValueDescription: String { description }
}

/// What `--impair` takes.
enum ImpairmentArgument {
  /// Reads an option's text; for `transform:`, so that the refusal says what is wrong.
  static func parse(_ text: String) throws -> Impairment {
    do {
      return try Impairment(parsing: text)
    } catch {
      throw ValidationError("\(error).")
    }
  }
}

extension DurationArgument {
  /// A length of whole milliseconds, for defaults.
  static func milliseconds(_ count: Int64) -> Self {
    (try? Self("\(count)ms")) ?? .seconds(0)
  }
}
