import Glibc
public import LinuxPacketIO

/// What a process can tell of the lab that it was started in, by its environment.
public struct LabSurroundings: Sendable {
  /// Set for the process that holds the lab and for all in it: the number of the network namespace
  /// that the lab was started from.
  public static let outsideVariable = "HALFOPEN_LAB_OUTSIDE"
  /// Set for all processes that the holder starts: where the hosts' namespaces are.
  public static let hostsVariable = "HALFOPEN_LAB_HOSTS"

  private let paths: [LabRole: String]

  /// The number of the network namespace that the lab was started from; nil outside of a lab.
  public static var outsideNumber: UInt64? {
    KernelText.variable(outsideVariable).flatMap { UInt64($0) }
  }

  /// Whether this process is the one that holds a lab.
  public static var isHolder: Bool {
    outsideNumber != nil && KernelText.variable(hostsVariable) == nil
  }

  /// Finds the lab around this process; nil when there is none.
  public init?() {
    guard Self.outsideNumber != nil, let list = KernelText.variable(Self.hostsVariable) else {
      return nil
    }
    var paths: [LabRole: String] = [:]
    for entry in list.split(separator: ",") {
      let parts = entry.split(separator: "=", maxSplits: 1)
      guard parts.count == 2, let role = LabRole(rawValue: String(parts[0])) else { return nil }
      paths[role] = String(parts[1])
    }
    self.paths = paths
  }

  /// The variables for a process that `lab` starts.
  public static func variables(of lab: KernelLab) throws(SystemCallError) -> [String: String] {
    // The number as /proc has it, which may be of another process namespace.
    guard let process = KernelText.target(of: "/proc/self") else {
      throw SystemCallError(call: "read /proc/self", code: errno)
    }
    let paths = LabRole.allCases.map {
      "\($0.rawValue)=/proc/\(process)/fd/\(lab[$0].descriptor)"
    }
    return [
      hostsVariable: paths.joined(separator: ","),
      "HALFOPEN_LAB_SERVER": "\(LabAddress.server)",
      "HALFOPEN_LAB_SERVER6": "\(LabAddress.server6)",
      "HALFOPEN_LAB_UNOWNED": "\(LabAddress.unownedByClient)",
    ]
  }

  /// The namespace of a host of the lab.
  ///
  /// - Throws: ``SystemCallError`` when the lab has gone.
  public func namespace(of role: LabRole) throws(SystemCallError) -> NetworkNamespace {
    try NetworkNamespace(at: paths[role] ?? "")
  }
}
