import CLinuxPacketIO
public import Determinism
import Glibc

/// Waiting for descriptors.
public enum Readiness {
  /// Waits until one of the descriptors can be read or has failed, or the time is over.
  ///
  /// A signal that the process catches ends the wait early.
  ///
  /// - Parameters:
  ///   - descriptors: What to wait for.
  ///   - limit: How long at most; rounded up to whole milliseconds, so that a loop never spins on
  ///     the last of them.
  /// - Returns: Whether each can be read, in the order given.
  /// - Throws: ``SystemCallError`` when poll(2) refuses.
  public static func wait(
    for descriptors: [CInt], upTo limit: Nanoseconds
  ) throws(SystemCallError) -> [Bool] {
    var entries = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    let milliseconds = max(0, limit.count / 1_000_000 + (limit.count % 1_000_000 > 0 ? 1 : 0))
    let ready = unsafe poll(
      &entries, nfds_t(entries.count), CInt(clamping: min(milliseconds, 3_600_000)))
    guard ready >= 0 || errno == EINTR else { throw .last("poll") }
    return entries.map { ready > 0 && $0.revents != 0 }
  }
}

/// A bell that one thread or a signal's catcher rings, and that a loop hears while it waits.
public final class WakeUp: Sendable {
  private let counter: OwnedDescriptor

  /// Creates a bell that has not rung.
  ///
  /// - Throws: ``SystemCallError`` when no descriptor is left.
  public init() throws(SystemCallError) {
    counter = try OwnedDescriptor("eventfd") { eventfd(0, CInt(HALFOPEN_EFD_FLAGS)) }
  }

  /// Readable for ever once the bell has rung.
  public var descriptor: CInt { counter.number }

  /// Rings it; from any thread, and from a signal's catcher.
  public func ring() { Self.ring(counter.number) }

  static func ring(_ descriptor: CInt) {
    var one: UInt64 = 1
    _ = unsafe write(descriptor, &one, 8)
  }
}
