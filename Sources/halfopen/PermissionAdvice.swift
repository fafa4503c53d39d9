import Foundation
import LinuxPacketIO

/// What to do when the privilege to capture is missing.
enum PermissionAdvice {
  /// The line that grants it to this very program, once and for all.
  static var setcapLine: String { "sudo setcap cap_net_raw+ep \(shellWord(programPath))" }

  /// Ends the program with what is missing, how to get it, and the ways without.
  static func captureRefused(on interface: String, call: String) -> Failure {
    Failure(
      .permission,
      """
      capturing on \(interface) needs CAP_NET_RAW, which this process lacks (\(call) was refused).
      Grant it to this program:
        \(setcapLine)
      Or go without: --rootless captures in a user and network namespace of its own (halfopen demo \
      does so by itself), and halfopen annotate FILE reads a capture made elsewhere.
      """)
  }

  /// Ends the program with what is missing to make a network device, and the ways without.
  static func tunRefused(_ error: SystemCallError) -> Failure {
    Failure(
      .permission,
      """
      making a TUN device needs CAP_NET_ADMIN, which this process lacks (\(error)).
      Grant it to this program:
        sudo setcap cap_net_admin+ep \(shellWord(programPath))
      Or go without: --rootless answers in a user and network namespace of its own (where \
      /dev/net/tun may be opened), or have an administrator make a device for you:
        sudo ip tuntap add halfopen0 mode tun user $USER
      """)
  }

  /// Ends the program with what a probe lacks, how to get it, and the ways without.
  static func probeRefused(call: String) -> Failure {
    Failure(
      .permission,
      """
      a probe makes its SYNs by hand, which needs CAP_NET_RAW, and this process lacks it (\(call) \
      was refused).
      Grant it to this program:
        \(setcapLine)
      Or go without: --dry-run prints what would be sent, --from FILE judges a capture made \
      elsewhere, and halfopen lab exec makes hosts to probe without any privilege.
      """)
  }

  /// Ends the program with what is missing to answer on an interface, and how to get it.
  static func portRefused(on interface: String, _ error: SystemCallError) -> Failure {
    Failure(
      .permission,
      """
      answering on \(interface) needs CAP_NET_RAW, which this process lacks (\(error)).
      Grant it to this program:
        \(setcapLine)
      Or go without: --rootless answers in a user and network namespace of its own.
      """)
  }

  /// Where the running program lies.
  static var programPath: String {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      ?? CommandLine.arguments.first ?? "halfopen"
  }

  /// Quotes a path for the shell, if it needs it.
  private static func shellWord(_ path: String) -> String {
    let isPlain = path.allSatisfy {
      $0.isASCII && ($0.isLetter || $0.isNumber || "/._-+".contains($0))
    }
    return isPlain ? path : "'" + path.replacing("'", with: "'\\''") + "'"
  }
}
