import CLinuxPacketIO
import Glibc

/// A network namespace, which exists for as long as somebody holds it.
///
/// Which namespace a system call speaks of is a matter of the thread that makes it; a socket stays in
/// the namespace that it was made in.
public final class NetworkNamespace: Sendable {
  private let holder: OwnedDescriptor
  /// The kernel's number for it: of two namespaces that exist at the same time no two have the same.
  public let number: UInt64

  /// What the kernel numbers the first namespace of all since Linux 6.18 (`NET_NS_INIT_INO` of
  /// include/uapi/linux/nsfs.h); before, it was whichever number came.
  public static let initialNumber: UInt64 = 0xEFFF_FFF9

  /// Holds the namespace at `path`, such as /proc/self/ns/net.
  ///
  /// - Throws: ``SystemCallError`` when it cannot be opened.
  public init(at path: String) throws(SystemCallError) {
    holder = try OwnedDescriptor("open \(path)") { unsafe open(path, O_RDONLY | O_CLOEXEC) }
    var facts = stat()
    guard unsafe fstat(holder.number, &facts) == 0 else { throw .last("fstat \(path)") }
    number = UInt64(facts.st_ino)
  }

  /// Holds the namespace of the calling thread.
  ///
  /// - Throws: ``SystemCallError`` when it cannot be opened.
  public static func current() throws(SystemCallError) -> NetworkNamespace {
    try NetworkNamespace(at: "/proc/thread-self/ns/net")
  }

  /// Makes a namespace, in which there is nothing but a loopback interface that is down.
  ///
  /// - Throws: ``SystemCallError``: with EPERM without CAP_SYS_ADMIN, with ENOSPC beyond the limit of
  ///   /proc/sys/user/max_net_namespaces.
  public static func make() throws(SystemCallError) -> NetworkNamespace {
    let before = try current()
    guard unshare(CInt(HALFOPEN_CLONE_NEWNET)) == 0 else {
      throw .last("unshare(CLONE_NEWNET)")
    }
    let made = Result { () throws(SystemCallError) in try current() }
    try before.enter()
    return try made.get()
  }

  /// The descriptor that holds it, for calls that take one.
  public var descriptor: CInt { holder.number }

  /// Moves the calling thread into the namespace, for good.
  ///
  /// - Throws: ``SystemCallError``: with EPERM without CAP_SYS_ADMIN there and here.
  public func enter() throws(SystemCallError) {
    guard setns(holder.number, CInt(HALFOPEN_CLONE_NEWNET)) == 0 else {
      throw .last("setns(CLONE_NEWNET)")
    }
  }

  /// Does something as if in the namespace: what it opens stays there.
  ///
  /// - Parameter body: Runs on the calling thread, and must not leave it.
  /// - Returns: What `body` returns.
  /// - Throws: ``SystemCallError`` when the thread cannot go there, or what `body` throws.
  public func perform<Result>(
    _ body: () throws(SystemCallError) -> Result
  ) throws(SystemCallError) -> Result {
    let before = try Self.current()
    try enter()
    let result = Swift.Result { () throws(SystemCallError) in try body() }
    try before.enter()
    return try result.get()
  }

  /// Moves there and has this process become another program.
  ///
  /// - Parameter command: The program's name, looked for in PATH unless it holds a slash, and its
  ///   arguments.
  /// - Returns: What refused it; else it does not return.
  /// - Throws: ``SystemCallError`` when the thread cannot go there.
  public func become(_ command: [String]) throws(SystemCallError) -> SystemCallError {
    try enter()
    let program = command.first ?? ""
    unsafe CStrings.lend(command) { arguments in
      _ = unsafe execvp(program, arguments)
    }
    return .last("start \(program)")
  }
}
