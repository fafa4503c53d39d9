import Foundation
import LinuxPacketIO

/// What labs need of the machine.
enum LabMachine {
  /// Whether namespaces can be made: by root directly, by others in a user namespace.
  static let makesLabs = Capability.sysAdmin.isEffective || (try? RootlessProcess.trial()) != nil

  /// Both ways into a lab, as far as this process has them.
  static let ways: [[String]] =
    (Capability.sysAdmin.isEffective ? [[]] : [])
    + ((try? RootlessProcess.trial()) != nil ? [["--rootless"]] : [])

  /// Whether ip(8) is installed.
  static let hasIP = ["/usr/sbin/ip", "/sbin/ip", "/usr/bin/ip"].contains {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  /// Whether nft(8) is installed.
  static let hasNft = ["/usr/sbin/nft", "/sbin/nft", "/usr/bin/nft"].contains {
    FileManager.default.isExecutableFile(atPath: $0)
  }
}

extension LabMachine {
  /// The processes of this machine that descend from `ancestor`, and what each runs.
  static func descendants(of ancestor: Int32) -> [(number: Int32, command: String)] {
    let processes = KernelText.names(in: "/proc").compactMap { Int32($0) }
    var parents: [Int32: Int32] = [:]
    for process in processes {
      guard let status = KernelText.content(of: "/proc/\(process)/status"),
        let line = status.split(separator: "\n").first(where: { $0.hasPrefix("PPid:") }),
        let parent = Int32(line.dropFirst(5).filter(\.isNumber))
      else { continue }
      parents[process] = parent
    }
    return processes.filter { process in
      var place = parents[process]
      while let parent = place, parent != ancestor { place = parents[parent] }
      return place == ancestor
    }.map { process in
      let words = KernelText.content(of: "/proc/\(process)/cmdline") ?? ""
      return (process, words.split(separator: "\0").joined(separator: " "))
    }
  }

  /// Waits until a run below `process` has started its flood.
  static func untilFlooding(below process: Int32) async throws {
    for _ in 0..<2_000 {
      if descendants(of: process).contains(where: { $0.command.contains("lab flood") }) { return }
      try await Task.sleep(for: .milliseconds(10))
    }
  }
}

extension LabMachine {
  /// The command lines of the living processes of this machine whose environment has `variable`.
  static func processes(withVariable variable: String) -> [String] {
    KernelText.names(in: "/proc").filter { Int32($0) != nil }.compactMap { process in
      guard let text = KernelText.content(of: "/proc/\(process)/environ"),
        text.split(separator: "\0").contains(where: { $0 == variable })
      else { return nil }
      return "\(process) \(KernelText.content(of: "/proc/\(process)/cmdline") ?? "")"
    }
  }
}
