import Glibc
import LinuxPacketIO

/// Processes of labs that have lost the one that held them.
public enum LabLeftovers {
  /// One of them.
  public struct Leftover: Hashable, Sendable {
    /// Its number.
    public let number: Int32
    /// Its command line.
    public let command: String

    /// Ends it.
    public func end() { kill(number, SIGKILL) }
  }

  /// Finds them among the processes whose environment may be read: those of the same user, for root
  /// all.
  ///
  /// A process of a lab knows by its environment that it belongs to one; where no ancestor holds that
  /// lab, it is left over.
  public static func find() -> [Leftover] {
    let processes = KernelText.names(in: "/proc").compactMap { Int32($0) }
    return processes.filter { $0 != getpid() && isLeftOver($0) }.map { process in
      let words = KernelText.content(of: "/proc/\(process)/cmdline") ?? ""
      return Leftover(number: process, command: words.split(separator: "\0").joined(separator: " "))
    }
  }

  /// Whether a process belongs to a lab that nobody holds: there is no holder above it.
  private static func isLeftOver(_ process: Int32) -> Bool {
    guard variables(of: process)?[LabSurroundings.outsideVariable] != nil else { return false }
    var ancestor: Int32? = process
    while let number = ancestor, number > 0 {
      if let variables = variables(of: number),
        variables[LabSurroundings.outsideVariable] != nil,
        variables[LabSurroundings.hostsVariable] == nil
      {
        return false
      }
      ancestor = parent(of: number)
    }
    return true
  }

  private static func variables(of process: Int32) -> [String: String]? {
    KernelText.content(of: "/proc/\(process)/environ").map { text in
      Dictionary(
        text.split(separator: "\0").map { entry in
          let parts = entry.split(separator: "=", maxSplits: 1)
          return (String(parts.first ?? ""), String(parts.dropFirst().first ?? ""))
        }
      ) { first, _ in first }
    }
  }

  private static func parent(of process: Int32) -> Int32? {
    let lines = KernelText.content(of: "/proc/\(process)/status")?.split(separator: "\n") ?? []
    return lines.first { $0.hasPrefix("PPid:") }.flatMap {
      Int32($0.dropFirst(5).filter(\.isNumber))
    }
  }
}
