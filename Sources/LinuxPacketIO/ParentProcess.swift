import CLinuxPacketIO
import Glibc

/// The process that started this one.
public struct ParentProcess: Sendable {
  private let number: pid_t

  /// Ties this process's life to its parent's: it ends when the thread that started it does.
  public init() {
    halfopen_end_with_parent()
    number = getppid()
  }

  /// Whether it is still there; once it has gone, another process takes its place.
  public var isThere: Bool { getppid() == number }
}
