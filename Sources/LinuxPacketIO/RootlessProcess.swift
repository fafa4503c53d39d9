import CLinuxPacketIO
import Determinism
import Glibc

/// The program in a user and a network namespace of its own: there it may capture without any
/// privilege outside, and sees no interface but a loopback of its own.
///
/// Only a process of one thread may enter a user namespace, and a Swift program soon has several.
/// So the program starts itself anew as a child, and waits for it.
public enum RootlessProcess {
  private static let marker = "HALFOPEN_ROOTLESS"

  /// Whether this process is the child that runs inside.
  public static var isInside: Bool { unsafe getenv(marker) != nil }

  /// Tries to enter such namespaces, in a child that ends at once.
  ///
  /// - Throws: ``RootlessError`` naming the step that was refused.
  public static func trial() throws(RootlessError) {
    let child = try spawn(program: nil, arguments: [])
    _ = ChildStatus.wait(for: child)
  }

  /// Runs this program anew inside, with these arguments, and waits until it ends.
  ///
  /// The first SIGINT or SIGTERM is passed on, once; a second one ends this process, and the child
  /// with it.
  ///
  /// - Parameter arguments: The whole command line, the program's name first.
  /// - Returns: The child's exit status, or 128 and the signal that ended it.
  /// - Throws: ``RootlessError`` naming the step that was refused; then nothing has run.
  public static func reexecute(arguments: [String]) throws(RootlessError) -> CInt {
    let signals: SignalWatch
    do throws(SystemCallError) { signals = try SignalWatch() } catch {
      throw RootlessError(step: .preparation, code: error.code)
    }
    let child = try spawn(program: "/proc/self/exe", arguments: arguments)
    passOn(signals, to: child)
    return ChildStatus.wait(for: child)
  }

  /// Waits until a signal comes, which is sent to the child too, or the child ends.
  private static func passOn(_ signals: SignalWatch, to child: pid_t) {
    guard
      let ending = try? OwnedDescriptor("pidfd_open", { halfopen_watch_process(child) })
    else { return }
    while let ready = try? Readiness.wait(
      for: [ending.number, signals.descriptor], upTo: .seconds(3_600))
    {
      if ready[0] { return }
      if let request = signals.request {
        kill(child, request.number)
        return
      }
    }
  }

  private static func spawn(
    program: String?, arguments: [String]
  ) throws(RootlessError) -> pid_t {
    var ends: [CInt] = [-1, -1]
    guard unsafe pipe2(&ends, CInt(O_CLOEXEC)) == 0 else {
      throw RootlessError(step: .preparation, code: errno)
    }
    defer { close(ends[0]) }
    let child = unsafe CStrings.lend(arguments) { argumentList in
      unsafe CStrings.lend(ProcessEnvironment.variables(setting: [marker: "1"])) { variables in
        unsafe halfopen_spawn_in_namespaces(
          program, argumentList, variables, "0 \(geteuid()) 1", "0 \(getegid()) 1", ends[1])
      }
    }
    let code = errno
    close(ends[1])
    guard child > 0 else { throw RootlessError(step: .fork, code: code) }
    // The other end closes when the child has become the program, or ended.
    var failure = halfopen_namespace_failure()
    let size = MemoryLayout<halfopen_namespace_failure>.size
    while true {
      let count = unsafe read(ends[0], &failure, size)
      if count < 0, errno == EINTR { continue }
      guard count == size else { return child }
      _ = ChildStatus.wait(for: child)
      throw RootlessError(failure)
    }
  }
}

extension SignalWatch.Request {
  /// The signal's number.
  public var number: CInt {
    switch self {
    case .interrupt: SIGINT
    case .terminate: SIGTERM
    }
  }
}
