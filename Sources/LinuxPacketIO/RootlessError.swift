import CLinuxPacketIO

/// A namespace of one's own that could not be entered.
public struct RootlessError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The steps on the way, in their order.
  public enum Step: String, CaseIterable, Sendable {
    /// Before the child existed.
    case preparation = "preparing a child process"
    /// The child itself.
    case fork = "fork"
    /// New user and network namespaces.
    case unshare = "unshare(CLONE_NEWUSER|CLONE_NEWNET)"
    /// Giving up changes of groups, without which groups may not be mapped.
    case setgroups = "writing /proc/self/setgroups"
    /// Mapping the user to the namespace's root.
    case userMap = "writing /proc/self/uid_map"
    /// Mapping the group.
    case groupMap = "writing /proc/self/gid_map"
    /// Bringing the loopback interface up.
    case loopback = "bringing lo up"
    /// Starting the program anew.
    case execve = "execve"
    /// A view of the processes of a new process namespace.
    case process = "mounting /proc"
  }

  /// The step that was refused.
  public let step: Step
  /// The errno that it left.
  public let code: CInt

  init(step: Step, code: CInt) {
    self.step = step
    self.code = code
  }

  /// Reads what the child reported.
  init(_ failure: halfopen_namespace_failure) {
    let steps = Step.allCases
    step = steps.indices.contains(Int(failure.step)) ? steps[Int(failure.step)] : .preparation
    code = failure.code
  }

  /// Says whether a permission is missing: EPERM or EACCES.
  public var isPermission: Bool { SystemCallError(call: step.rawValue, code: code).isPermission }

  /// The step and the kernel's reason.
  public var description: String { SystemCallError(call: step.rawValue, code: code).description }
}
