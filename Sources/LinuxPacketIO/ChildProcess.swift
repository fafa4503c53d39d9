import CLinuxPacketIO
public import Determinism
import Glibc

/// A child process in a network namespace, which ends with the thread that started it.
///
/// So it is started from a thread that lives as long as it is wanted: not from one of a pool.
public final class ChildProcess: Sendable {
  /// The child's number, as this process sees it.
  public let number: Int32
  private let ending: OwnedDescriptor

  /// What a child reads and writes.
  public struct Streams: Sendable {
    /// Descriptor 0.
    public var input: CInt
    /// Descriptor 1.
    public var output: CInt
    /// Descriptor 2.
    public var errors: CInt

    /// A child that reads and says nothing.
    public static let silent = {
      let nowhere = unsafe open("/dev/null", O_RDWR | O_CLOEXEC)
      return Self(input: nowhere, output: nowhere, errors: nowhere)
    }()

    /// Names three descriptors; by default those of this process.
    public init(input: CInt = 0, output: CInt = 1, errors: CInt = 2) {
      self.input = input
      self.output = output
      self.errors = errors
    }
  }

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - command: The program's name, looked for in PATH unless it holds a slash, and its arguments.
  ///   - namespace: Where it runs.
  ///   - variables: What it finds in its environment besides this process's own.
  ///   - streams: Its standard input, output and error.
  ///   - isPunctual: Whether it runs before all ordinary processes of the machine, as far as this one
  ///     may decide that (``Punctuality``).
  /// - Throws: ``SystemCallError`` naming the step that failed; with ENOENT when there is no such
  ///   program.
  public init(
    _ command: [String], in namespace: NetworkNamespace, setting variables: [String: String] = [:],
    streams: Streams = Streams(), isPunctual: Bool = false
  ) throws(SystemCallError) {
    let program = command.first ?? ""
    let report = try BytePipe()
    let lifeline = try BytePipe()
    let child = unsafe CStrings.lend(command) { arguments in
      unsafe CStrings.lend(ProcessEnvironment.variables(setting: variables)) { variables in
        let standard = [streams.input, streams.output, streams.errors]
        let ends = [lifeline.reading, lifeline.writing]
        return unsafe halfopen_spawn_at(
          namespace.descriptor, program, arguments, variables, standard, ends, report.writing,
          isPunctual ? 1 : 0)
      }
    }
    guard child > 0 else { throw .last("clone") }
    report.closeWriting()
    if let failure = report.failure() {
      _ = ChildStatus.wait(for: child)
      throw SystemCallError(
        call: failure.step == HALFOPEN_STEP_EXECVE.rawValue ? "start \(program)" : "setns",
        code: failure.code)
    }
    number = child
    ending = try OwnedDescriptor("pidfd_open") { halfopen_watch_process(child) }
  }

  /// Readable once the child has ended.
  public var descriptor: CInt { ending.number }

  /// Whether the child has ended.
  public var hasEnded: Bool {
    (try? Readiness.wait(for: [ending.number], upTo: .zero))?.first ?? true
  }

  /// Sends the child a signal; without effect once it has ended.
  public func send(_ signal: CInt) {
    if !hasEnded { kill(number, signal) }
  }

  /// Waits until the child has ended; to be called once.
  ///
  /// - Returns: Its exit status, or 128 and the signal that ended it.
  public func wait() -> CInt { ChildStatus.wait(for: number) }

  /// Asks the child to end, and ends it by force when it has not after a while.
  ///
  /// - Returns: Its exit status, or 128 and the signal that ended it.
  @discardableResult public func end(within patience: Nanoseconds = .seconds(2)) -> CInt {
    send(SIGTERM)
    let deadline = MonotonicClock.now + patience
    while !hasEnded, MonotonicClock.now < deadline {
      _ = try? Readiness.wait(for: [ending.number], upTo: deadline - MonotonicClock.now)
    }
    send(SIGKILL)
    return wait()
  }
}

/// Two ends of a pipe, neither of which outlives an execve.
public final class BytePipe {
  /// The end to read from.
  public let reading: CInt
  /// The end to write to.
  public let writing: CInt
  private var isWritable = true

  /// Opens a pipe.
  ///
  /// - Throws: ``SystemCallError`` when no descriptor is left.
  public init() throws(SystemCallError) {
    var ends: [CInt] = [-1, -1]
    guard unsafe pipe2(&ends, CInt(O_CLOEXEC)) == 0 else { throw .last("pipe2") }
    (reading, writing) = (ends[0], ends[1])
  }

  deinit {
    close(reading)
    closeWriting()
  }

  /// Closes the end to write to: once every copy of it is closed, the other end has no more to read.
  public func closeWriting() {
    if isWritable { close(writing) }
    isWritable = false
  }

  /// Reads what is there, waiting for the first of it; empty at the end.
  ///
  /// - Throws: ``SystemCallError`` when it cannot be read.
  public func read(atMost limit: Int = 65_536) throws(SystemCallError) -> [UInt8] {
    var octets = [UInt8](repeating: 0, count: limit)
    while true {
      let count = unsafe Glibc.read(reading, &octets, limit)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .last("read from a pipe") }
      return Array(octets.prefix(count))
    }
  }

  /// What a child said that could not become a program; nil when it became one.
  func failure() -> halfopen_namespace_failure? {
    var failure = halfopen_namespace_failure()
    let size = MemoryLayout<halfopen_namespace_failure>.size
    while true {
      let count = unsafe Glibc.read(reading, &failure, size)
      if count < 0, errno == EINTR { continue }
      return count == size ? failure : nil
    }
  }
}
