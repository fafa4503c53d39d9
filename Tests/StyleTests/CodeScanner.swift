/// Blanks what is not code: comments and the insides of string literals.
struct CodeScanner {
  private let source: [Character]
  private var position = 0
  private var output: [Character] = []

  init(_ source: String) {
    self.source = Array(source)
    output.reserveCapacity(self.source.count)
  }

  /// The source with spaces for all that is no code; the ends of lines stay.
  mutating func blanked() -> String {
    while position < source.count {
      if startsHere("//") {
        while position < source.count, !source[position].isNewline { blank() }
      } else if startsHere("/*") {
        blankBlockComment()
      } else if let hashes = stringOpensHere() {
        blankString(hashes: hashes)
      } else {
        keep()
      }
    }
    return String(output)
  }

  private func startsHere(_ text: String) -> Bool {
    source[position...].starts(with: text)
  }

  private mutating func keep() {
    output.append(source[position])
    position += 1
  }

  private mutating func blank(_ count: Int = 1) {
    for _ in 0..<min(count, source.count - position) {
      output.append(source[position].isNewline ? source[position] : " ")
      position += 1
    }
  }

  private mutating func blankBlockComment() {
    var depth = 0
    repeat {
      if startsHere("/*") {
        depth += 1
        blank(2)
      } else if startsHere("*/") {
        depth -= 1
        blank(2)
      } else {
        blank()
      }
    } while depth > 0 && position < source.count
  }

  /// The number of hashes before the quotation mark that opens a string here; nil when none does.
  private func stringOpensHere() -> Int? {
    let hashes = source[position...].prefix { $0 == "#" }.count
    let mark = position + hashes
    return mark < source.count && source[mark] == "\"" ? hashes : nil
  }

  private mutating func blankString(hashes: Int) {
    blank(hashes)
    let marks = startsHere("\"\"\"") ? "\"\"\"" : "\""
    let close = marks + String(repeating: "#", count: hashes)
    let escape = "\\" + String(repeating: "#", count: hashes)
    blank(marks.count)
    while position < source.count, !startsHere(close) {
      if startsHere(escape + "(") {
        blank(escape.count)
        blankInterpolation()
      } else if startsHere(escape) {
        blank(escape.count + 1)
      } else {
        blank()
      }
    }
    blank(close.count)
  }

  private mutating func blankInterpolation() {
    var depth = 0
    repeat {
      if let hashes = stringOpensHere() {
        blankString(hashes: hashes)
      } else {
        if source[position] == "(" { depth += 1 }
        if source[position] == ")" { depth -= 1 }
        blank()
      }
    } while depth > 0 && position < source.count
  }
}
