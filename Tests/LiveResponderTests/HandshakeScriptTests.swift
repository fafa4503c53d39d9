import Foundation
import TestSupport
import Testing

@Suite(
  "Many handshakes of the kernel with a played host",
  .enabled(
    if: PlayedHost.isPossible,
    "skipped, because this process lacks CAP_SYS_ADMIN or CAP_NET_ADMIN"),
  .enabled(if: PlayedHost.hasPython, "skipped, because python3 is not installed"))
struct HandshakeScriptTests {
  @Test("are all completed by cookie, and in spite of loss, duplicates and changed order")
  func completed() async throws {
    let script = Checkout.root.appending(path: "scripts/respond-handshakes").path
    let outcome = try await BuiltProgram.run(
      ["--count", "300"], through: [script], timeout: .seconds(200))
    #expect(outcome.status == 0, "\(outcome.text)\(outcome.errors)")
    let lines = outcome.text.split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines.allSatisfy { $0.contains("300 of 300 handshakes complete") })
    #expect(lines.first?.contains("RSTs: 0 of the host, 0 of the kernel") == true)
  }

  @Test("by hand show cookies as this kernel's are, question by question")
  func questions() async throws {
    let script = Checkout.root.appending(path: "scripts/ask-both").path
    let outcome = try await BuiltProgram.run([], through: [script], timeout: .seconds(200))
    #expect(outcome.status == 0, "\(outcome.text)\(outcome.errors)")
    #expect(outcome.text.contains("22 of 22 answers of the played host are this kernel's"))
  }

  @Test("whose first ACK is lost end for a client that speaks, and hang for one that listens")
  func firstAcknowledgment() async throws {
    let host = try await PlayedHost(["--mitigation", "cookies", "--drop-first-ack"])
    let speaks = try await host.shell(
      "timeout 20 bash -c 'exec 3<>/dev/tcp/192.0.2.2/8086; echo >&3; cat <&3'")
    #expect(speaks.text.hasSuffix("\r\n"), "\(speaks.errors)")
    let listens = try await host.shell(
      "timeout 2 bash -c 'exec 3<>/dev/tcp/192.0.2.2/8086; cat <&3'")
    #expect(listens.status == 124 && listens.text.isEmpty)
    let counts = try await host.stop()
    #expect(counts["TcpPassiveOpens"] == 1)
    let impairments = counts.record["impairments"] as? [String: Int]
    #expect(impairments?["first_acks_lost"] == 2)
  }
}
