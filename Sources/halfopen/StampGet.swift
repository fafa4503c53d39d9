import ArgumentParser
import Determinism
import Foundation
import StampService

/// Asks a stamp server once.
struct StampGet: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get",
    abstract: "Connect to a stamp server and print what it says.",
    discussion: """
      Prints stamp = N, the Unix time in seconds as the server has it. Without a stamp it says \
      why, and ends with 1: name not found, refused, timed out, unreachable, reset, or a malformed \
      answer.

        halfopen stamp get 127.0.0.1
        halfopen stamp get localhost --port 8086 --timeout 2s --format json
      """)

  @Argument(help: "The server's name, or its address of either family.")
  var host: String

  @Option(help: "The server's port.")
  var port = StampServerConfiguration.defaultPort

  @Option(
    help: "How long to try altogether, with a unit: ns, us, ms, s, m, h. (default: 10s)",
    transform: DurationArgument.parse)
  var timeout = DurationArgument.seconds(10)

  @Option(help: "How to print.")
  var format = Format.text

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
  }

  func validate() throws {
    guard port > 0 else { throw ValidationError("--port must be at least 1, not 0.") }
    guard timeout.length > .zero else {
      throw ValidationError("--timeout must be longer than 0, not \(timeout).")
    }
  }

  func run() async throws {
    do {
      let reading = try await StampClient.get(host, port: port, timeout: timeout.duration)
      StandardOutput.write(try text(of: reading))
    } catch let failure as StampFailure {
      throw Failure(Self.status(of: failure), "\(host), port \(port): \(failure)")
    }
  }

  private func text(of reading: StampReading) throws -> String {
    switch format {
    case .text:
      return "stamp = \(reading.seconds)\n"
    case .json:
      return """
        {"schema":"halfopen.stamp/1","stamp_s":\(reading.seconds),\
        "local":"\(reading.local)","peer":"\(reading.peer)"}\n
        """
    }
  }

  private static func status(of failure: StampFailure) -> ExitStatus {
    switch failure {
    case .nameNotFound, .refused, .timedOut, .reset, .malformed, .unreachable: .expectationFailed
    case .local: .resources
    }
  }
}
