import Foundation
import TestSupport
import Testing

@Suite("halfopen simulate --plot")
struct PlotTests {
  static let brief = ["simulate", "--duration", "2s", "--attack-rate", "500"]
  static let hasGnuplot = (ProcessInfo.processInfo.environment["PATH"] ?? "")
    .split(separator: ":")
    .contains { FileManager.default.isExecutableFile(atPath: "\($0)/gnuplot") }

  @Test(
    "draws what its ending says, beside the result",
    .enabled(if: hasGnuplot, "skipped, because gnuplot is not installed"),
    arguments: ["flood.png", "flood.svg"])
  func draws(name: String) async throws {
    let room = try ScratchDirectory()
    let outcome = try await BuiltProgram.run(Self.brief + ["--plot", name], directory: room.path)
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    #expect(outcome.output == (try await BuiltProgram.run(Self.brief).output))
    if name.hasSuffix("png") {
      let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
      #expect(room.data(of: name).starts(with: signature))
      #expect(room.data(of: name).suffix(8).prefix(4).elementsEqual("IEND".utf8))
    } else {
      let drawing = room.text(of: name)
      #expect(drawing.contains("<svg") && drawing.contains("</svg>"))
      for word in ["pool", "cookies", "hybrid", "half-open entries", "virtual time (s)"] {
        #expect(drawing.contains(word), "\(word)")
      }
    }
  }

  @Test(
    "refuses what cannot be written, and leaves nothing behind",
    .enabled(if: hasGnuplot, "skipped, because gnuplot is not installed"))
  func wrongPath() async throws {
    let room = try ScratchDirectory()
    let outcome = try await BuiltProgram.run(
      Self.brief + ["--plot", "missing/flood.png"], environment: ["TMPDIR": room.path])
    #expect(outcome.status == 2 && outcome.output.isEmpty)
    #expect(
      outcome.errors == "halfopen: cannot write missing/flood.png: there is no such directory.\n")
    #expect(try FileManager.default.contentsOfDirectory(atPath: room.path).isEmpty)
  }

  @Test("ends with 7 and says what to install when there is no gnuplot")
  func withoutGnuplot() async throws {
    let room = try ScratchDirectory()
    let outcome = try await BuiltProgram.run(
      Self.brief + ["--plot", "flood.png", "-o", "result.txt"],
      environment: ["PATH": room.path], directory: room.path)
    #expect(outcome.status == 7 && outcome.output.isEmpty)
    #expect(outcome.errors.hasPrefix("halfopen: --plot needs gnuplot"))
    #expect(outcome.errors.contains("apt-get install gnuplot"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: room.path).isEmpty)
  }

  @Test(
    "tells what gnuplot says when it fails",
    arguments: [
      ("echo no such terminal >&2; exit 3", "no such terminal"), ("kill -9 $$", "gnuplot"),
    ])
  func gnuplotFails(script: String, word: String) async throws {
    let room = try ScratchDirectory()
    let fake = room.url.appending(path: "gnuplot")
    try Data("#!/bin/sh\n\(script)\n".utf8).write(to: fake)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: fake.path)
    let outcome = try await BuiltProgram.run(
      Self.brief + ["--plot", "flood.png"], environment: ["PATH": room.path])
    #expect(outcome.status == 7 && outcome.output.isEmpty)
    #expect(outcome.errors.hasPrefix("halfopen: gnuplot could not draw the chart"))
    #expect(outcome.errors.contains(word))
  }
}
