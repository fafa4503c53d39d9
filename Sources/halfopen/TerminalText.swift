/// Text of strangers, for a terminal.
enum TerminalText {
  /// `text` with everything that would not show as itself written as a Swift escape: control and
  /// format characters, line and paragraph separators, and the backslash that escapes begin with.
  static func harmless(_ text: String) -> String {
    text.unicodeScalars.map { scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate,
        .unassigned:
        "\\u{\(String(scalar.value, radix: 16))}"
      default:
        scalar == "\\" ? "\\\\" : String(scalar)
      }
    }.joined()
  }
}
