/// Swift source as far as the style tests need to understand it.
struct SwiftText {
  /// The source with spaces for comments and the insides of string literals.
  ///
  /// Lines stay where they were and as long; what an interpolation holds counts as inside.
  let code: String

  init(_ source: String) {
    var scanner = CodeScanner(source)
    code = scanner.blanked()
  }

  /// The lines of ``code``.
  var lines: [Substring] { code.split(separator: "\n", omittingEmptySubsequences: false) }

  /// The number of the first line, counted from 1, that holds `word` where it is not a part of a
  /// longer name; nil when none does.
  func firstLine(holding word: String) -> Int? {
    lines.firstIndex { line in
      line.ranges(of: word).contains { range in
        let goesOnBefore = isPartOfAName(line[..<range.lowerBound].last)
        let goesOnAfter = isPartOfAName(line[range.upperBound...].first)
        return !(isPartOfAName(word.first) && goesOnBefore)
          && !(isPartOfAName(word.last) && goesOnAfter)
      }
    }.map { $0 + 1 }
  }

  /// The modules that the source imports, in its order.
  var imports: [String] {
    lines.compactMap { line -> String? in
      let words = line.split(separator: " ")
      guard let keyword = words.firstIndex(of: "import"), keyword + 1 < words.count,
        words[..<keyword].allSatisfy({ importModifiers.contains($0) || $0.hasPrefix("@") })
      else { return nil }
      let name = words.dropFirst(keyword + 1).first { !importKinds.contains($0) }
      return name?.split(separator: ".").first.map(String.init)
    }
  }

  /// The functions, initialisers, subscripts and computed properties, with the lines they take from
  /// their keyword to their closing brace.
  var bodies: [(name: String, firstLine: Int, lineCount: Int)] {
    var finder = BodyFinder(lines)
    return finder.bodies()
  }

  private func isPartOfAName(_ character: Character?) -> Bool {
    character.map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false
  }

  private let importModifiers: [Substring] = [
    "public", "package", "internal", "fileprivate", "private",
  ]
  private let importKinds: [Substring] = [
    "struct", "class", "enum", "protocol", "typealias", "func", "let", "var",
  ]
}
