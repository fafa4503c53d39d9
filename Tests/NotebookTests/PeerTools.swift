import Foundation
import Testing

/// What notebooks need of the machine beside the program.
enum PeerTools {
  /// Whether tshark 4.0 is here, whose figures the pages show: its successors say other things, and
  /// about other streams.
  static let haveTshark40: Bool = {
    guard canRun("editcap"), canRun("python3") else { return false }
    return output(of: "tshark", ["-v"]).contains("(Wireshark) 4.0.")
  }()

  /// Whether the scanners are here that a page looks over the shoulders of, and namespaces to scan in.
  static let haveScanners =
    canRun("nmap")
    && ["/usr/sbin/hping3", "/usr/bin/hping3"].contains {
      FileManager.default.isExecutableFile(atPath: $0)
    } && getuid() == 0

  /// Whether hosts can be made here between which nft(8) drops what it is told to.
  static let canLoseSegments =
    geteuid() == 0 && FileManager.default.isExecutableFile(atPath: "/usr/sbin/nft")

  private static func canRun(_ program: String) -> Bool {
    FileManager.default.isExecutableFile(atPath: "/usr/bin/\(program)")
  }

  private static func output(of program: String, _ arguments: [String]) -> String {
    guard canRun(program) else { return "" }
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/\(program)")
    process.arguments = arguments
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return "" }
    let data = (try? pipe.fileHandleForReading.readToEnd()) ?? nil
    process.waitUntilExit()
    return String(decoding: data ?? Data(), as: UTF8.self)
  }
}
