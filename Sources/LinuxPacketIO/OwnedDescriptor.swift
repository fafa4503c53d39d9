import CLinuxPacketIO
import Glibc

/// A file descriptor with one owner, closed exactly once, when that owner goes away.
public struct OwnedDescriptor: ~Copyable, Sendable {
  /// The number, for calls made while this value lives.
  public let number: CInt

  /// Takes ownership of what `open` returns.
  ///
  /// - Throws: ``SystemCallError`` naming the call and its errno when the number is negative.
  init(_ call: String, _ open: () -> CInt) throws(SystemCallError) {
    let opened = open()
    guard opened >= 0 else { throw .last(call) }
    number = opened
  }

  deinit { close(number) }
}
