import Annotation
import ArgumentParser
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
  /// Only a terminal's width counts: in a pipe or a file the same input gives the same bytes.
  func layout(intoFile: Bool = false) -> LadderLayout {
    let columns = intoFile ? nil : Terminal.columns(of: 1)
    return LadderLayout(width: width ?? columns ?? 100, isASCII: ascii)
  }
}
