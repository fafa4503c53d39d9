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

  /// Whether nft(8) is installed.
  static let hasNft = ["/usr/sbin/nft", "/sbin/nft", "/usr/bin/nft"].contains {
    FileManager.default.isExecutableFile(atPath: $0)
  }
}
