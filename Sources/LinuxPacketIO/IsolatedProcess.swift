import CLinuxPacketIO
import Determinism
import Glibc

/// The program anew in a network namespace of its own, and as the first process of a process
/// namespace: whatever is started in there ends with it, and it ends with the process that started
/// it, however that ends.
///
/// In containers whose /proc is partly hidden nobody may mount another; then there is no process
/// namespace, and processes that leave their parents behind may outlive the lab.
public enum IsolatedProcess {
  /// Runs this program anew inside, and waits until it ends.
  ///
  /// SIGTERM is passed on, and SIGINT unless it came from a terminal, which has sent it to everybody
  /// already; a second one ends this process, and everything inside with it. To be called from the
  /// main thread, since all inside ends with the thread that called.
  ///
  /// - Parameters:
  ///   - arguments: The whole command line, the program's name first.
  ///   - variables: What it finds in its environment besides this process's own.
  ///   - isRootless: Whether it gets a user namespace too, and with that the privileges that it
  ///     needs.
  /// - Returns: Its exit status, or 128 and the signal that ended it.
  /// - Throws: ``RootlessError`` naming the step that was refused; then nothing has run.
  public static func run(
    arguments: [String], setting variables: [String: String], isRootless: Bool
  ) throws(RootlessError) -> CInt {
    do throws(SystemCallError) {
      let signals = try SignalWatch()
      let child = try spawnFirst(arguments, variables, isRootless)
      passOn(signals, to: child.number, watched: child.ending)
      return ChildStatus.wait(for: child.number)
    } catch {
      throw RootlessError(step: step(of: error), code: error.code)
    }
  }

  private struct Child: ~Copyable {
    let number: pid_t
    let ending: OwnedDescriptor
    /// Kept open: hung up, it tells the child that nobody waits for it.
    let lifeline: BytePipe
  }

  private static func spawnFirst(
    _ arguments: [String], _ variables: [String: String], _ isRootless: Bool
  ) throws(SystemCallError) -> Child {
    do throws(SystemCallError) {
      return try spawn(arguments, variables, isRootless, isFirst: true)
    } catch {
      guard step(of: error) == .process else { throw error }
      return try spawn(arguments, variables, isRootless, isFirst: false)
    }
  }

  private static func spawn(
    _ arguments: [String], _ variables: [String: String], _ isRootless: Bool, isFirst: Bool
  ) throws(SystemCallError) -> Child {
    let report = try BytePipe()
    let lifeline = try BytePipe()
    let number = unsafe CStrings.lend(arguments) { arguments in
      unsafe CStrings.lend(ProcessEnvironment.variables(setting: variables)) { variables in
        let ends = [lifeline.reading, lifeline.writing]
        return unsafe halfopen_spawn_isolated(
          isFirst ? 1 : 0, "/proc/self/exe", arguments, variables,
          isRootless ? "0 \(geteuid()) 1" : nil,
          isRootless ? "0 \(getegid()) 1" : nil, ends, report.writing)
      }
    }
    guard number > 0 else { throw .last(RootlessError.Step.unshare.rawValue) }
    report.closeWriting()
    if let failure = report.failure() {
      _ = ChildStatus.wait(for: number)
      throw SystemCallError(call: RootlessError(failure).step.rawValue, code: failure.code)
    }
    return Child(
      number: number,
      ending: try OwnedDescriptor("pidfd_open") { halfopen_watch_process(number) },
      lifeline: lifeline)
  }

  private static func step(of error: SystemCallError) -> RootlessError.Step {
    RootlessError.Step(rawValue: error.call) ?? .preparation
  }

  /// Waits until the child ends, and passes on the first signal that comes meanwhile.
  private static func passOn(
    _ signals: SignalWatch, to child: pid_t, watched ending: borrowing OwnedDescriptor
  ) {
    while let ready = try? Readiness.wait(
      for: [ending.number, signals.descriptor], upTo: .seconds(3_600))
    {
      if ready[0] { return }
      guard let request = signals.request else { continue }
      if request == .terminate || !Terminal.isTerminal(0) { kill(child, request.number) }
      return
    }
  }
}
