import LinuxPacketIO

/// One line on a terminal's standard error that says how far long work has come.
///
/// It appears only after half a second, and never where nobody looks.
struct ProgressLine {
  private let isWatched = Terminal.isTerminal(2)
  private let clock = ContinuousClock()
  private let begun = ContinuousClock.now
  private var lastShown: ContinuousClock.Instant?

  /// Shows `text` in place of what stood there, at most ten times a second.
  mutating func show(_ text: @autoclosure () -> String) {
    let now = clock.now
    guard isWatched, begun.duration(to: now) > .milliseconds(500),
      lastShown.map({ $0.duration(to: now) > .milliseconds(100) }) ?? true
    else { return }
    lastShown = now
    StandardError.write("\r\u{1B}[K" + text())
  }

  /// Takes the line away again.
  mutating func clear() {
    guard lastShown != nil else { return }
    StandardError.write("\r\u{1B}[K")
    lastShown = nil
  }
}
