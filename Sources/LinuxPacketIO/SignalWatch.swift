import CLinuxPacketIO
import Glibc
import Synchronization

/// Catches SIGINT and SIGTERM, so that a loop can end cleanly; and ignores SIGPIPE and SIGXFSZ, so
/// that a reader who left and a file that may not grow become errors of write(2).
///
/// Only the first signal is caught: a second one ends the process as usual, so that nobody is
/// locked out by a program that hangs while it ends.
public final class SignalWatch: Sendable {
  /// A signal that asks a program to end.
  public enum Request: Hashable, Sendable {
    /// SIGINT: somebody pressed Control-C.
    case interrupt
    /// SIGTERM: another process asks.
    case terminate
  }

  private let bell: WakeUp

  /// Starts to catch.
  ///
  /// The signals of a process are caught once: a second watch takes over from the first.
  ///
  /// - Throws: ``SystemCallError`` when no descriptor is left.
  public init() throws(SystemCallError) {
    bell = try WakeUp()
    caughtSignal.store(0, ordering: .sequentiallyConsistent)
    bellOfSignals.store(bell.descriptor, ordering: .sequentiallyConsistent)
    for number in [SIGINT, SIGTERM] {
      var action = sigaction()
      unsafe action.__sigaction_handler.sa_handler = { noteSignal($0) }
      action.sa_flags = CInt(bitPattern: UInt32(SA_RESETHAND)) | CInt(SA_RESTART)
      _ = unsafe sigaction(number, &action, nil)
    }
    // Whoever started the program may have blocked them for it: a mask outlives execve.
    var caught = sigset_t()
    unsafe sigemptyset(&caught)
    for number in [SIGINT, SIGTERM] { unsafe sigaddset(&caught, number) }
    unsafe pthread_sigmask(SIG_UNBLOCK, &caught, nil)
    for number in [SIGPIPE, SIGXFSZ] { _ = signal(number, SIG_IGN) }
  }

  deinit {
    let mine = bell.descriptor
    if bellOfSignals.compareExchange(
      expected: mine, desired: -1, ordering: .sequentiallyConsistent
    ).exchanged {
      for number in [SIGINT, SIGTERM] { _ = signal(number, SIG_DFL) }
    }
  }

  /// Readable for ever once a signal has come.
  public var descriptor: CInt { bell.descriptor }

  /// The signal that came first; nil when none has.
  public var request: Request? {
    switch caughtSignal.load(ordering: .sequentiallyConsistent) {
    case SIGINT: .interrupt
    case SIGTERM: .terminate
    default: nil
    }
  }
}

// A signal's catcher may touch nothing but words that are read and written whole.
private let caughtSignal = Atomic<CInt>(0)
private let bellOfSignals = Atomic<CInt>(-1)

/// Notes a signal and rings the bell; runs in the middle of anything, so it neither allocates nor
/// locks, and leaves errno as it was.
private func noteSignal(_ number: CInt) {
  let code = errno
  _ = caughtSignal.compareExchange(
    expected: 0, desired: number, ordering: .sequentiallyConsistent)
  let descriptor = bellOfSignals.load(ordering: .sequentiallyConsistent)
  if descriptor >= 0 { WakeUp.ring(descriptor) }
  errno = code
}
