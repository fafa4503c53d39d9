import Foundation
import Testing

/// Datagrams to a port of loopback that is nobody's, each with a number of its own.
struct LoopbackDatagrams {
  /// The port that they go to: another one in each test, and far from the usual ones.
  let port: UInt16
  /// How many there are.
  let count: Int

  init(count: Int, port: UInt16) {
    self.count = count
    self.port = port
  }

  /// An address of 127.0.0.0/8 that belongs to this process alone, so that two runs of the tests at
  /// once do not see each other's datagrams.
  private static let address: String = {
    let process = ProcessInfo.processInfo.processIdentifier
    return "127.\(64 + (process >> 16 & 63)).\(process >> 8 & 255).\(process & 255)"
  }()

  /// The filter that lets them through and nothing else.
  var filter: String { "udp and dst host \(Self.address) and dst port \(port)" }

  /// What the datagram of this number says.
  func payload(_ number: Int) -> String { "datagram \(number)\n" }

  /// Sends all of them, one socket each, so that no refusal of one stops the next.
  ///
  /// - Parameter wrapper: Words to put before the sender, such as those that join a namespace.
  /// - Throws: What Foundation throws when the sender cannot be started.
  func send(through wrapper: [String] = []) async throws {
    let shell = Process()
    shell.executableURL = URL(filePath: "/usr/bin/env")
    shell.arguments = wrapper + ["bash", "-c", script]
    shell.standardInput = FileHandle.nullDevice
    try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
      shell.terminationHandler = { _ in done.resume() }
      do { try shell.run() } catch { done.resume(throwing: error) }
    }
    #expect(shell.terminationStatus == 0)
  }

  private var script: String {
    """
    for ((i = 0; i < \(count); i++)); do echo "datagram $i" > /dev/udp/\(Self.address)/\(port); done
    """
  }
}
