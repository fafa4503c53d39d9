import CLinuxPacketIO
import Glibc

/// What stands behind a file descriptor that may be a terminal.
public enum Terminal {
  /// Says whether somebody may be looking: whether the descriptor is a terminal.
  public static func isTerminal(_ descriptor: CInt) -> Bool { isatty(descriptor) == 1 }

  /// The width in columns; nil when the descriptor is no terminal, or one that does not say.
  public static func columns(of descriptor: CInt) -> Int? {
    var size = winsize()
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return nil
    }
    return Int(size.ws_col)
  }
}
