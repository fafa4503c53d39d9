import ArgumentParser
import Foundation
import LinuxPacketIO

/// The program: one subcommand a verb, each in a file of its own.
@main
struct Halfopen: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "halfopen",
    abstract: "A lab for TCP's three-way handshake.",
    discussion: """
      Data goes to standard output, everything else to standard error. Every verb has a --help of \
      its own, with examples.

      EXAMPLES
        halfopen simulate
        halfopen check
        halfopen cookie list
        halfopen stamp get 127.0.0.1
        halfopen respond --rootless
        halfopen flow
        halfopen doctor
      """,
    version: version,
    subcommands: [
      Demo.self, Simulate.self, Check.self, Cookie.self, Capture.self, Annotate.self, Stamp.self,
      Lab.self, Respond.self, Sockets.self, ProbeCommand.self, Datagram.self, Layout.self,
      Flow.self, Doctor.self,
    ]
  )

  /// The version that `--version` prints and every JSON result carries.
  static let version = "0.1.0"

  /// Parses, runs, and ends with the statuses of ``ExitStatus``, not with the argument parser's.
  static func main() async {
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch let failure as Failure {
      StandardError.write("halfopen: \(failure)\n")
      Foundation.exit(failure.status.rawValue)
    } catch let error as SystemCallError {
      StandardError.write("halfopen: \(error)\n")
      Foundation.exit(ExitStatus.resources.rawValue)
    } catch let status as ExitCode {
      Foundation.exit(status.rawValue)
    } catch {
      guard exitCode(for: error) == .success else {
        let arguments = Array(CommandLine.arguments.dropFirst())
        StandardError.write("halfopen: \(UsageProblem.text(of: error, arguments: arguments))\n")
        Foundation.exit(ExitStatus.usage.rawValue)
      }
      StandardOutput.write(fullMessage(for: error) + "\n")
    }
  }
}
