import Foundation
import Testing

/// Datagrams to a port of loopback that is nobody's, each with a number of its own.
struct LoopbackDatagrams {
  /// The port that they go to: one for each call within this process, far from the usual ones.
  let port: UInt16
  /// How many there are.
  let count: Int

  init(count: Int, port: UInt16) {
    self.count = count
    self.port = port
  }

  /// The filter that lets them through and nothing else.
  var filter: String { "udp and dst host 127.0.0.1 and dst port \(port)" }

  /// What the datagram of this number says.
  func payload(_ number: Int) -> String { "datagram \(number)\n" }

  /// Sends all of them, one socket each, so that no refusal of one stops the next.
  func send() async throws {
    let shell = Process()
    shell.executableURL = URL(filePath: "/bin/bash")
    shell.arguments = ["-c", script]
    shell.standardInput = FileHandle.nullDevice
    try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
      shell.terminationHandler = { _ in done.resume() }
      do { try shell.run() } catch { done.resume(throwing: error) }
    }
    #expect(shell.terminationStatus == 0)
  }

  private var script: String {
    """
    for ((i = 0; i < \(count); i++)); do echo "datagram $i" > /dev/udp/127.0.0.1/\(port); done
    """
  }
}
