public import LinuxPacketIO

/// Why a run in the kernel came to nothing.
public enum KernelRunError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kernel refused something.
  case system(SystemCallError)
  /// The run's cable cannot be watched.
  case capture(CaptureError)
  /// One of the run's own processes ended too early, or with a failure.
  case worker(name: String, status: Int32)
  /// The flood was refused.
  case refused(FloodRefusal)
  /// A signal asked for the end.
  case stopped(SignalWatch.Request)
  /// A process said something that cannot be read.
  case unreadable(name: String)

  /// One sentence.
  public var description: String {
    switch self {
    case .system(let error): "\(error)."
    case .capture(let error): "cannot look at the client's cable: \(error)."
    case .worker(let name, let status): "the \(name) of the run ended with status \(status)."
    case .refused(let refusal): refusal.description
    case .stopped: "stopped."
    case .unreadable(let name): "what the \(name) of the run said cannot be read."
    }
  }
}
