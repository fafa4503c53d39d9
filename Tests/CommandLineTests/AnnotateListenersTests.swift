import Foundation
import TestSupport
import Testing

@Suite("halfopen annotate --listeners")
struct AnnotateListenersTests {
  private static let capture = Checkout.root.appending(path: "captures/ipv4-handshake.pcapng").path

  @Test("prints a block for the listener of the bundled capture")
  func text() async throws {
    let outcome = try await BuiltProgram.run(["annotate", "--listeners", Self.capture])
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    #expect(outcome.text.contains("\n  answered      1: 1 established\n"))
  }

  @Test("prints in each of its formats, and refuses those that tell of packets")
  func formats() async throws {
    for format in ["text", "json", "jsonl", "tsv", "csv"] {
      let outcome = try await BuiltProgram.run(
        ["annotate", "--listeners", "--format", format, Self.capture])
      #expect(outcome.status == 0 && !outcome.output.isEmpty, "\(format)")
    }
    for format in ["ladder", "mermaid", "pcapng", "tshark-tsv"] {
      let outcome = try await BuiltProgram.run(
        ["annotate", "--listeners", "--format", format, Self.capture])
      #expect(outcome.status == 2 && outcome.output.isEmpty, "\(format)")
      #expect(outcome.errors.contains("--listeners has the formats text, json"))
    }
  }

  @Test("--schema prints the schema of what it is given with")
  func schema() async throws {
    let listeners = try await BuiltProgram.run(["annotate", "--schema", "--listeners"])
    #expect(listeners.text.contains("\"halfopen.listeners/1\"") && listeners.status == 0)
    let flows = try await BuiltProgram.run(["annotate", "--schema"])
    #expect(!flows.text.contains("listeners/1"))
  }
}
