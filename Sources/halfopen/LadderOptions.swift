import Annotation
import ArgumentParser
import Foundation
import LinuxPacketIO

/// The options of every verb that draws ladders.
struct LadderOptions: ParsableArguments {
  @Option(help: "Columns of the ladder, 72 to 160. (default: the terminal's, else 100)")
  var width: Int?

  @Flag(help: "Draw with ASCII only.")
  var ascii = false

  func validate() throws {
    if let width, !(LadderLayout.narrowest...LadderLayout.widest).contains(width) {
      throw ValidationError(
        "--width must be \(LadderLayout.narrowest) to \(LadderLayout.widest), not \(width).")
    }
  }

  /// How to draw on standard output, or into a file.
  ///
  /// Only a terminal's width counts, and only a terminal gets colour: in a pipe or a file the same
  /// input gives the same bytes.
  func layout(intoFile: Bool = false) -> LadderLayout {
    let columns = intoFile ? nil : Terminal.columns(of: 1)
    let isWatched = !intoFile && Terminal.isTerminal(1)
    return LadderLayout(
      width: width ?? columns ?? 100, isASCII: ascii, isColoured: isWatched && Self.wantsColour)
  }

  /// Whether nobody has asked for plain text: NO_COLOR unset or empty (no-color.org).
  static var wantsColour: Bool {
    ProcessInfo.processInfo.environment["NO_COLOR"].map(\.isEmpty) ?? true
  }
}
