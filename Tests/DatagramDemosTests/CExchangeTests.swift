import Foundation
import TestSupport
import Testing

@Suite(
  "Records exchanged with a program in C",
  .enabled(if: CProgram.compiler != nil, "skipped, because no C compiler is here"))
struct CExchangeTests {
  private let peer: CProgram

  init() async throws {
    peer = try await CProgram(Checkout.text(of: "Tests/DatagramDemosTests/scores.c"))
  }

  private static let records: [(name: String, math: String, chinese: String)] = [
    ("Ada", "91", "88"), ("", "0", "-1"), ("twelve octet", "2147483647", "-2147483648"),
    ("陳小明 é", "16909060", "-2"),
  ]

  private static let long = (
    name: String(repeating: "n", count: 496), math: "256", chinese: "65536"
  )

  private static func records(_ form: String) -> [(name: String, math: String, chinese: String)] {
    form == "variable" ? records + [long] : records
  }

  @Test("arrive there as they were sent here", arguments: ["fixed", "variable"])
  func toC(form: String) async throws {
    let records = Self.records(form)
    let receiver = try peer.start(["receive", form, "\(records.count)"])
    let port = try #require(try await receiver.port())
    for record in records {
      let outcome = try await BuiltProgram.run(
        [
          "datagram", "send", "127.0.0.1", record.name, "--math", record.math, "--chinese",
          record.chinese, "--port", port,
        ] + (form == "variable" ? ["--variable"] : []))
      #expect(outcome.status == 0 && outcome.output.isEmpty, "\(outcome.errors)")
    }
    let outcome = await receiver.outcome()
    #expect(outcome.status == 0)
    #expect(
      outcome.text == records.map { "\($0.name)|\($0.math)|\($0.chinese)\n" }.joined())
  }

  @Test(
    "arrive here as they were sent there, also with what C leaves behind a name",
    arguments: ["fixed", "stale", "variable", "ended"])
  func fromC(form: String) async throws {
    let isVariable = form == "variable" || form == "ended"
    let records = form == "variable" ? Self.records(form) : Self.records
    let receiver = try BuiltProgram(
      ["datagram", "receive", "--address", "127.0.0.1", "--port", "0", "--count"]
        + ["\(records.count)"] + (isVariable ? ["--variable"] : []))
    let port = try #require(try await receiver.port())
    for record in records {
      let arguments = ["send", form, port, record.name, record.math, record.chinese]
      #expect(try await peer.run(arguments).status == 0)
    }
    let outcome = await receiver.outcome()
    #expect(outcome.status == 0, "\(outcome.errors)")
    let expected = records.map {
      "name: \($0.name)\nmath: \($0.math)\nchinese: \($0.chinese)\n"
    }
    let lines = outcome.text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.filter { !$0.hasPrefix("--") }.joined(separator: "\n") == expected.joined())
    #expect(
      lines.filter { $0.hasPrefix("--") }.allSatisfy {
        $0.wholeMatch(of: /--MESSAGE FROM:127\.0\.0\.1:[0-9]+--/) != nil
      })
  }

  @Test("are refused when nobody packed the struct")
  func padded() async throws {
    let receiver = try BuiltProgram(
      ["datagram", "receive", "--address", "127.0.0.1", "--port", "0", "--count", "1"])
    let port = try #require(try await receiver.port())
    #expect(try await peer.run(["send", "padded", port, "Ada", "91", "88"]).status == 0)
    #expect(try await receiver.hasWritten("too long: 24 octets"))
    #expect(try await peer.run(["send", "fixed", port, "Ada", "91", "88"]).status == 0)
    let outcome = await receiver.outcome()
    #expect(outcome.status == 3)
    #expect(outcome.text.hasSuffix("--\nname: Ada\nmath: 91\nchinese: 88\n"))
    #expect(outcome.errors.hasSuffix("\n1 record, 1 refused (1 too long)\n"))
  }
}
