/// Finds the bodies of functions in code without comments and strings, by their braces.
struct BodyFinder {
  private let lines: [Substring]

  init(_ lines: [Substring]) {
    self.lines = lines
  }

  /// Every body, with the name that stands before it.
  mutating func bodies() -> [(name: String, firstLine: Int, lineCount: Int)] {
    lines.indices.compactMap { index in
      guard let name = declaredName(on: lines[index]), let last = lastLineOfBody(from: index)
      else { return nil }
      return (name, index + 1, last - index + 1)
    }
  }

  /// What a line declares that can have a body: the word after `func`, `var` or `let`, or the
  /// keyword itself.
  private func declaredName(on line: Substring) -> String? {
    let words = line.split { " (<?{".contains($0) }
    guard let keyword = words.firstIndex(where: { bodyKeywords.contains($0) }),
      words[..<keyword].allSatisfy({ modifiers.contains($0) || $0.hasPrefix("@") })
    else { return nil }
    let isNamed = ["func", "var", "let"].contains(words[keyword])
    return isNamed && keyword + 1 < words.count
      ? String(words[keyword + 1]) : String(words[keyword])
  }

  /// The line on which the braces that open after `start` are all closed; nil when the declaration
  /// ends without any, as in a protocol.
  private func lastLineOfBody(from start: Int) -> Int? {
    var braces = 0
    var parentheses = 0
    for index in start..<lines.count {
      for character in lines[index] {
        switch character {
        case "(", "[": parentheses += 1
        case ")", "]": parentheses -= 1
        case "{": braces += 1
        case "}": braces -= 1
        default: break
        }
        if braces < 0 { return nil }
        if character == "}", braces == 0, parentheses == 0 { return index }
      }
      let isOver = braces == 0 && parentheses == 0
      if isOver, !continuesOnNextLine(index) { return nil }
    }
    return nil
  }

  /// A signature or an initial value goes on when the next line is indented further, or opens the
  /// body.
  private func continuesOnNextLine(_ index: Int) -> Bool {
    guard index + 1 < lines.count else { return false }
    let next = lines[index + 1].drop { $0 == " " }
    return next.hasPrefix("{") || next.hasPrefix("->") || next.hasPrefix("where ")
      || next.hasPrefix("throws") || lines[index].hasSuffix("=") || lines[index].hasSuffix("->")
  }

  private let bodyKeywords: [Substring] = ["func", "init", "deinit", "subscript", "var", "let"]
  private let modifiers: [Substring] = [
    "public", "package", "internal", "fileprivate", "private", "static", "class", "final",
    "override", "mutating", "nonmutating", "consuming", "borrowing", "convenience", "required",
    "lazy", "indirect", "nonisolated", "isolated", "async",
  ]
}
