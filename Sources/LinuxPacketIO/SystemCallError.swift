import CLinuxPacketIO
import Glibc

/// A system call that the kernel refused: the call and its errno, which is what an operator can act
/// on.
public struct SystemCallError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The call, and what it was about, such as "bind lo".
  public let call: String
  /// The errno that it left.
  public let code: CInt

  /// Creates the error of one call.
  public init(call: String, code: CInt) {
    self.call = call
    self.code = code
  }

  /// Creates the error of the call that has just failed, before another one changes errno.
  static func last(_ call: String) -> Self { Self(call: call, code: errno) }

  /// The kernel's word for the errno, such as "Operation not permitted".
  public var reason: String { unsafe String(cString: strerror(code)) }

  /// Says whether the reason is a missing permission: EPERM or EACCES.
  public var isPermission: Bool { code == EPERM || code == EACCES }

  /// Says whether the reason is that something is not there: ENOENT, ENODEV or ENXIO.
  public var isMissing: Bool { code == ENOENT || code == ENODEV || code == ENXIO }

  /// Says whether the reason is that nothing leads to an address: ENETUNREACH or EHOSTUNREACH.
  public var isUnreachable: Bool { code == ENETUNREACH || code == EHOSTUNREACH }

  /// The call and the reason in one sentence.
  public var description: String { "\(call): \(reason)" }
}
