import Foundation
import LinuxPacketIO
import TestSupport
import Testing

@Suite("halfopen capture, when something is wrong")
struct CaptureRefusalTests {
  private let scratch: ScratchDirectory
  private let old = "what the file held before"

  init() throws {
    scratch = try ScratchDirectory()
    try Data(old.utf8).write(to: scratch.url.appending(path: "capture"))
  }

  @Test(
    "an interface that does not exist: status 2, the names of those that do, the old file kept",
    arguments: ["pcap", "afpacket"])
  func noInterface(backend: String) async throws {
    let outcome = try await capture("-i", "nonesuch0", "--backend", backend)
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("nonesuch0"))
    for interface in try NetworkInterface.all() {
      #expect(outcome.errors.contains(interface.name))
    }
    #expect(scratch.text(of: "capture") == old)
  }

  @Test(
    "numbers that make no sense: status 2",
    arguments: [
      ["--count", "0"], ["--count", "-1"], ["--snaplen", "0"], ["--snaplen", "262145"],
      ["--duration", "5"], ["--duration", "fast"], ["--buffer", "0"], ["--buffer", "2048"],
      ["--backend", "none"], ["--format", "text"],
    ])
  func badNumbers(arguments: [String]) async throws {
    let outcome = try await BuiltProgram.run(
      ["capture", "-i", "lo", "-o", scratch.path(of: "capture")] + arguments)
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains(arguments[0]))
    #expect(scratch.text(of: "capture") == old)
  }

  @Test(
    "a bad filter: status 2, libpcap's reason and the place, the old file kept",
    .enabled(if: Capability.netRaw.isEffective, "skipped, because this process lacks CAP_NET_RAW"),
    arguments: ["pcap", "afpacket"])
  func badFilter(backend: String) async throws {
    let outcome = try await capture("-i", "lo", "--backend", backend, "tcp", "and", "and")
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("syntax error"))
    #expect(outcome.errors.contains("column 4"))
    #expect(scratch.text(of: "capture") == old)
  }

  @Test(
    "a directory that does not exist: status 2 and the path",
    .enabled(if: Capability.netRaw.isEffective, "skipped, because this process lacks CAP_NET_RAW"))
  func noDirectory() async throws {
    let path = scratch.path(of: "none/such")
    let outcome = try await BuiltProgram.run(["capture", "-i", "lo", "-o", path])
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains(path))
  }

  @Test(
    "a disk that is full from the beginning: status 6 and the path",
    .enabled(if: Capability.netRaw.isEffective, "skipped, because this process lacks CAP_NET_RAW"))
  func noRoom() async throws {
    let outcome = try await BuiltProgram.run(["capture", "-i", "lo", "-o", "/dev/full"])
    #expect(outcome.status == 6)
    #expect(outcome.errors.contains("/dev/full has no room"))
  }

  @Test(
    "a disk without room for the beginning: status 6, and no empty file is left",
    .enabled(
      if: Capability.sysAdmin.isEffective && Capability.netRaw.isEffective,
      "skipped, because this process lacks CAP_SYS_ADMIN or CAP_NET_RAW"),
    arguments: ["pcapng", "pcap"])
  func noRoomForTheBeginning(format: String) async throws {
    let disk = scratch.path(of: "disk")
    try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
    let script = """
      mount -t tmpfs -o size=4k none "\(disk)" || exit 99
      head -c 4096 /dev/zero >"\(disk)/filling"
      "$@"; status=$?
      ls "\(disk)"
      exit $status
      """
    let outcome = try await BuiltProgram.run(
      ["capture", "-i", "lo", "-o", disk + "/capture", "--format", format],
      through: ["unshare", "-m", "sh", "-c", script, "sh"])
    #expect(outcome.status == 6)
    #expect(outcome.errors.contains("has no room for a single packet"))
    #expect(outcome.text == "filling\n")
  }

  @Test(
    "no CAP_NET_RAW: status 4, the setcap line for this very program, the old file kept",
    arguments: ["pcap", "afpacket"])
  func noPermission(backend: String) async throws {
    let outcome = try await capture(
      "-i", "lo", "--backend", backend, through: Privileges.without("net_raw"))
    #expect(outcome.status == 4)
    #expect(outcome.errors.contains("CAP_NET_RAW"))
    #expect(outcome.errors.contains("sudo setcap cap_net_raw+ep /"))
    #expect(outcome.errors.contains("/halfopen"))
    #expect(outcome.errors.contains("--rootless"))
    #expect(scratch.text(of: "capture") == old)
  }

  @Test(
    "a full disk: status 6, whole records only, as many as the counts say",
    .enabled(
      if: Capability.sysAdmin.isEffective && Capability.netRaw.isEffective,
      "skipped, because this process lacks CAP_SYS_ADMIN or CAP_NET_RAW"),
    arguments: Way.all)
  func fullDisk(way: Way) async throws {
    let datagrams = LoopbackDatagrams(count: 1_000, port: 29_510 + way.number)
    // A file system of 32 KiB in a mount namespace of its own, gone with the child.
    let disk = scratch.path(of: "disk")
    try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
    let script = """
      mount -t tmpfs -o size=32k none "\(disk)" || exit 99
      "$@"; status=$?
      cp "\(disk)/capture" "\(scratch.path(of: "copy"))"
      exit $status
      """
    let program = try BuiltProgram(
      [
        "capture", "-i", "lo", datagrams.filter, "-o", disk + "/capture",
        "--backend", way.backend, "--format", way.format,
      ],
      through: ["unshare", "-m", "sh", "-c", script, "sh"])
    #expect(try await program.hasWritten("capturing on lo"))
    try await datagrams.send()
    let outcome = await program.outcome()
    #expect(outcome.status == 6)
    #expect(outcome.errors.contains("No space left on device"))
    let walk = CaptureFileWalk(scratch.data(of: "copy"))
    #expect(walk.isComplete)
    #expect((200..<1_000).contains(walk.packets))
    #expect(outcome.errors.contains("\(walk.packets) packets captured"))
    #expect(outcome.errors.contains("ends after \(walk.packets) whole records"))
  }

  @Test(
    "a file that may not grow: status 6, whole records only, as many as the counts say",
    .enabled(if: Capability.netRaw.isEffective, "skipped, because this process lacks CAP_NET_RAW"),
    arguments: Way.all)
  func fileLimit(way: Way) async throws {
    let datagrams = LoopbackDatagrams(count: 600, port: 29_550 + way.number)
    let program = try BuiltProgram(
      [
        "capture", "-i", "lo", datagrams.filter, "-o", scratch.path(of: "capture"),
        "--backend", way.backend, "--format", way.format,
      ],
      // 16,384 octets, and no signal for going beyond: the program ignores it.
      through: ["sh", "-c", "ulimit -f 32; exec \"$@\"", "sh"])
    #expect(try await program.hasWritten("capturing on lo"))
    try await datagrams.send()
    let outcome = await program.outcome()
    #expect(outcome.status == 6)
    #expect(outcome.errors.contains("File too large"))
    let walk = CaptureFileWalk(scratch.data(of: "capture"))
    #expect(walk.isComplete)
    #expect((100..<600).contains(walk.packets))
    #expect(outcome.errors.contains("\(walk.packets) packets captured"))
  }

  private func capture(
    _ arguments: String..., through wrapper: [String] = []
  ) async throws -> Outcome {
    try await BuiltProgram.run(
      ["capture", "-o", scratch.path(of: "capture"), "--duration", "1s"] + arguments,
      through: wrapper)
  }
}
