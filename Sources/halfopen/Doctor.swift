import ArgumentParser

/// Tries what the machine offers, and says what is missing and how to get it.
struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what this machine offers to each verb, and how to get what is missing.",
    discussion: """
      Everything is tried, nothing guessed: packet sockets, the packet ring and libpcap on the \
      loopback interface, user and network namespaces in a child process, the TUN device.

      EXAMPLES
        halfopen doctor
        halfopen doctor --format json

      Ends with 0 when the essentials work, 7 when the machine lacks one of them, and 4 when only \
      a permission is missing. What is optional never changes the status.
      """)

  /// How the findings are printed.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
  }

  @Option(help: "How to print the findings: text or json.")
  var format = Format.text

  func run() throws {
    let report = DoctorReport.ofThisMachine()
    switch format {
    case .text: StandardOutput.write(report.text)
    case .json: StandardOutput.write(report.json.text + "\n")
    }
    if report.status != .success { throw ExitCode(report.status.rawValue) }
  }
}
