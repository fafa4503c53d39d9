import ArgumentParser

/// A command line that the argument parser refused, told in the program's own way.
enum UsageProblem {
  /// The sentence for `error`, and where to read what is right.
  static func text(of error: any Error, arguments: [String]) -> String {
    if let unknown = unknownVerb(in: arguments) { return unknown }
    let sentence = Halfopen.message(for: error).oneLine
    let ending = sentence.hasSuffix(".") || sentence.hasSuffix("?") ? "" : "."
    let pointer = Halfopen.fullMessage(for: error).split(separator: "\n").last {
      $0.contains("--help")
    }
    let place = pointer?.split(separator: "'").dropFirst().first ?? "halfopen --help"
    return "\(sentence)\(ending) See '\(place)'."
  }

  /// The parser calls a verb that it does not know an unexpected argument, which helps nobody.
  private static func unknownVerb(in arguments: [String]) -> String? {
    guard let word = arguments.first, !word.hasPrefix("-"), !verbs.contains(word),
      word != "help", let nearest = NearestName.nearest(to: word, among: verbs)
    else { return nil }
    return "there is no verb '\(word)'; did you mean '\(nearest)'? See 'halfopen --help'."
  }

  /// The verbs, by the parser's own rule: a type that names none is called as in lower case.
  private static var verbs: [String] {
    Halfopen.configuration.subcommands.map { verb in
      verb.configuration.commandName ?? "\(verb)".lowercased()
    }
  }
}

extension String {
  /// The parser's list of choices, one a line, as one sentence.
  fileprivate var oneLine: String {
    replacing(" of the following:\n  - ", with: " of ").replacing("\n  - ", with: ", ")
  }
}
