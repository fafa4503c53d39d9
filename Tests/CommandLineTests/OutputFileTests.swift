import Foundation
import TestSupport
import Testing

@Suite("Where the result goes")
struct OutputFileTests {
  static let brief = ["simulate", "--duration", "1s", "--attack-rate", "100"]
  static let isRoot = getuid() == 0

  @Test("into a file, it is what standard output would have got, and nothing else is left")
  func fileIsWritten() async throws {
    let room = try ScratchDirectory()
    let outcome = try await BuiltProgram.run(
      Self.brief + ["-o", "result.txt"], directory: room.path)
    #expect(outcome.status == 0 && outcome.output.isEmpty && outcome.errors.isEmpty)
    #expect(room.data(of: "result.txt") == (try await BuiltProgram.run(Self.brief).output))
    #expect(try names(in: room) == ["result.txt"])
  }

  @Test(
    "into a directory that is missing, or is what was named, it is refused with 2",
    arguments: ["missing/result.txt", "/", "."], ["-o", "--series", "--timing"])
  func wrongPath(path: String, flag: String) async throws {
    let room = try ScratchDirectory()
    let outcome = try await BuiltProgram.run(Self.brief + [flag, path], directory: room.path)
    #expect(isRefusal(outcome, status: 2, naming: path), "\(outcome.errors)")
    #expect(try names(in: room) == [])
  }

  @Test("onto a full device, it is refused with 6", arguments: ["-o", "--series", "--timing"])
  func fullDevice(flag: String) async throws {
    let outcome = try await BuiltProgram.run(Self.brief + [flag, "/dev/full"])
    #expect(isRefusal(outcome, status: 6, naming: "/dev/full"), "\(outcome.errors)")
  }

  @Test("onto a full standard output, it ends with 6", arguments: [brief, ["--help"]])
  func fullStandardOutput(arguments: [String]) async throws {
    let outcome = try await BuiltProgram.run(
      arguments, through: ["sh", "-c", "exec \"$@\" >/dev/full", "sh"])
    #expect(isRefusal(outcome, status: 6, naming: "standard output"), "\(outcome.errors)")
  }

  /// A disk of 16 kB in a namespace that ends with the program.
  static let smallDisk = [
    "unshare", "--user", "--map-root-user", "--mount", "sh", "-c",
    "mount -t tmpfs -o size=16k none /mnt && echo old >/mnt/series.csv && \"$@\"; "
      + "status=$?; ls /mnt; cat /mnt/series.csv; exit $status", "sh",
  ]

  @Test(
    "onto a disk that fills up, it leaves what stood there, and nothing half-written",
    .enabled(
      if: canMountSmallDisks,
      "skipped, because this machine gives nobody a namespace to mount a small disk in"))
  func fullDisk() async throws {
    let outcome = try await BuiltProgram.run(
      Self.brief + ["--series", "/mnt/series.csv"], through: Self.smallDisk)
    #expect(outcome.status == 6 && outcome.text == "series.csv\nold\n", "\(outcome.errors)")
    #expect(outcome.errors == "halfopen: cannot write /mnt/series.csv: the disk is full.\n")
  }

  static let canMountSmallDisks: Bool = {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = smallDisk + ["true"]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()

  @Test("where it may not, it is refused with 4, and what stood there stays")
  func noPermission() async throws {
    let room = try ScratchDirectory()
    try Data("old\n".utf8).write(to: room.url.appending(path: "result.txt"))
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: room.path)
    defer {
      try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: room.path)
    }
    // Root may write everywhere, so it becomes nobody.
    let wrapper = Self.isRoot ? ["setpriv", "--reuid=65534", "--clear-groups"] : []
    for name in ["result.txt", "new.txt"] {
      let outcome = try await BuiltProgram.run(
        Self.brief + ["-o", name], through: wrapper, directory: room.path)
      #expect(isRefusal(outcome, status: 4, naming: name), "\(outcome.errors)")
    }
    #expect(room.text(of: "result.txt") == "old\n")
    #expect(try names(in: room) == ["result.txt"])
  }

  @Test("when its reader has gone, the program goes too, and complains to nobody")
  func readerGone() async throws {
    let outcome = try await BuiltProgram.run(
      Self.brief, through: ["sh", "-c", "\"$@\" | true", "sh"])
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
  }

  private func isRefusal(_ outcome: Outcome, status: Int32, naming word: String) -> Bool {
    outcome.status == status && outcome.output.isEmpty
      && outcome.errors.hasPrefix("halfopen: cannot write ") && outcome.errors.contains(word)
      && outcome.errors.count { $0.isNewline } == 1
  }

  private func names(in room: ScratchDirectory) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: room.path).sorted()
      .filter { !["input", "output", "errors"].contains($0) }
  }
}
