import Yams

/// What the YAML parser finds wrong with a scenario, in one sentence that names file and line.
enum ScenarioSyntax {
  static func failure(of error: YamlError, in text: String, path: String) -> Failure {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      Failure(.usage, "\(path):\(mark.line): this is no YAML: \(firstLine(of: problem)).")
    case .duplicatedKeysInMapping(let keys, _):
      repeated(keys.first ?? "?", in: text, path: path)
    case .reader(let problem, let offset, _, _):
      Failure(
        .usage, "\(path):\(line(at: offset ?? 0, in: text)): this is no YAML: \(problem).")
    default:
      Failure(.usage, "\(path): this is no YAML: \(firstLine(of: "\(error)")).")
    }
  }

  private static func repeated(_ key: String, in text: String, path: String) -> Failure {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let last = lines.lastIndex { $0.hasPrefix(key + ":") }
    let place = last.map { "\(path):\($0 + 1)" } ?? path
    return Failure(.usage, "\(place): the key '\(key)' stands more than once.")
  }

  private static func line(at offset: Int, in text: String) -> Int {
    1 + text.utf8.prefix(offset).count { $0 == UInt8(ascii: "\n") }
  }

  /// Some of the parser's messages quote the whole text.
  private static func firstLine(of message: String) -> String {
    String(message.prefix { !$0.isNewline }.prefix(200))
  }
}
