import Foundation
import LinuxPacketIO

/// All findings about a machine, and what they come to.
struct DoctorReport {
  private static let settings = [
    "net/ipv4/tcp_syncookies", "net/core/somaxconn", "net/ipv4/tcp_max_syn_backlog",
    "net/ipv4/tcp_synack_retries", "net/ipv4/tcp_syn_retries", "net/ipv4/tcp_syn_linear_timeouts",
    "net/ipv4/tcp_abort_on_overflow", "net/ipv4/tcp_timestamps",
  ]

  /// The kernel's name and release.
  let kernel: String
  /// What was tried.
  let findings: [DoctorFinding]
  /// The kernel's settings that decide a listener's fate under a flood; those that exist.
  let sysctls: [(name: String, value: String)]
  /// The interfaces that can be captured.
  let interfaces: [NetworkInterface]

  /// Looks at this machine; takes some tens of milliseconds.
  static func ofThisMachine() -> Self {
    Self(
      kernel: "Linux " + (content(of: "kernel/osrelease") ?? "of unknown release"),
      findings: DoctorTrials.all(),
      sysctls: settings.compactMap { path in
        content(of: path).map { (path.replacing("/", with: "."), $0) }
      },
      interfaces: (try? NetworkInterface.all()) ?? [])
  }

  /// The setting under /proc/sys, without the white space around it; nil when there is none.
  static func content(of path: String) -> String? {
    (try? String(contentsOfFile: "/proc/sys/" + path, encoding: .utf8))?
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// What the essentials come to.
  var status: ExitStatus {
    let verdicts = findings.filter(\.isEssential).map(\.verdict)
    return verdicts.contains(.featureMissing)
      ? .unsupported : verdicts.contains(.permissionMissing) ? .permission : .success
  }

  /// The report for people.
  var text: String {
    let sections = [
      ["halfopen \(Halfopen.version) on \(kernel)"], findings.flatMap(\.lines),
      ["kernel settings of this network namespace"] + sysctls.map { "  \($0.name) = \($0.value)" },
      ["interfaces"] + interfaces.map { "  \($0.name): \(Self.describe($0))" },
      [conclusion],
    ]
    return sections.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
  }

  /// The report for programs.
  var json: JSONValue {
    .object([
      ("schema", .string("halfopen.doctor/1")), ("version", .string(Halfopen.version)),
      ("kernel", .string(kernel)), ("status", .integer(Int(status.rawValue))),
      ("findings", .array(findings.map(\.json))),
      ("sysctls", .object(sysctls.map { ($0.name, .string($0.value)) })),
      (
        "interfaces",
        .array(
          interfaces.map {
            .object([
              ("name", .string($0.name)), ("index", .integer($0.index)),
              ("hardware_type", .integer(Int($0.hardwareType))), ("up", .boolean($0.isUp)),
              ("loopback", .boolean($0.isLoopback)),
            ])
          })
      ),
    ])
  }

  private var conclusion: String {
    switch status {
    case .permission: "The machine has all that is needed; this process lacks a permission."
    case .unsupported: "The machine lacks something essential."
    default: "Everything essential works."
    }
  }

  private static func describe(_ interface: NetworkInterface) -> String {
    let kind =
      interface.isLoopback ? "loopback" : "hardware type \(interface.hardwareType)"
    return "\(kind), \(interface.isUp ? "up" : "down")"
  }
}
