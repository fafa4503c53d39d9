import ArgumentParser
import Determinism

/// A length of time on the command line, such as `250ms`.
struct DurationArgument: ExpressibleByArgument, Hashable, Sendable, CustomStringConvertible {
  let length: Nanoseconds
  let description: String

  /// Reads `text`, a literal in a verb's declaration included.
  init(_ text: String) throws(DurationTextError) {
    length = try Nanoseconds(parsing: text)
    description = text
  }

  init?(argument: String) {
    try? self.init(argument)
  }

  /// A length of whole seconds, for defaults.
  static func seconds(_ count: Int64) -> Self {
    Self(length: .seconds(count), description: "\(count)s")
  }

  private init(length: Nanoseconds, description: String) {
    self.length = length
    self.description = description
  }

  /// Reads an option's text; for `transform:`, so that the refusal says what is wrong.
  static func parse(_ text: String) throws -> Self {
    do {
      return try Self(text)
    } catch {
      throw ValidationError("\(error), not '\(text)'.")
    }
  }

  var defaultValueDescription: String { description }

  /// The same length for the standard library's clocks.
  var duration: Duration { .nanoseconds(length.count) }
}
