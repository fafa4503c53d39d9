import ArgumentParser
import Foundation
import LinuxPacketIO

/// Captures packets into a file.
struct Capture: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Capture packets from an interface into a file, and watch them come.",
    discussion: """
      On a terminal, or with --show, a ladder is drawn as packets come, and what became of each \
      connection is said at the end; a file is then written only with -o. Else the file is halfopen-INTERFACE.pcapng here.

      Begins when the interface is open and the filter compiled; only then is an existing file \
      replaced. Ends after --count packets, after --duration, or at SIGINT (status 130) or SIGTERM \
      (status 143), in each case with a complete file; the counts then stand on standard error. \
      Whole records reach the file fifty times a second, so that even a killed capture leaves \
      a readable file.

      FILTER is in tcpdump's syntax (man pcap-filter), for both backends. That language sees no \
      TCP behind IPv6 extension headers, a second VLAN tag, MPLS, PPPoE or in tunnels; --syn, \
      --handshake, --port and --host do, since they look at the innermost IP packet. Several \
      --port or --host are alternatives; everything else has to hold at once, FILTER too. \
      Fragments of IP packets always pass them. The packet ring also \
      writes each packet's direction, and which checksums were left to the card, into a pcapng \
      file. The interface "any" stands for all of them: each packet then begins with a header that \
      says where it came from (Linux cooked capture v2), and a loopback packet is captured once.

      An interface may go down and up again meanwhile. One that is removed ends the capture, with \
      a complete file and status 6.

      When everything is open the program gives up all capabilities, and can never get one again \
      (no_new_privs). It stays the user that it was, so that the file can be written, unless --user \
      names another one.

      When somebody on this host listens on a port that is captured, the kernel's counters of \
      full queues and SYN cookies are told as they grow, under nstat's names.

      Needs CAP_NET_RAW. Without it, --rootless captures in a user and network namespace of its \
      own, where only a loopback of its own exists; join it from a second terminal with the line \
      that is printed.

      EXAMPLES
        halfopen capture -i lo tcp port 8086 -o stamp.pcapng
        halfopen capture -i eth0 --handshake --port 443 -o handshakes.pcapng
        halfopen capture -i any --syn --count 100
        halfopen capture -i lo --duration 10s -o - | tshark -r -
      """)

  @Option(name: .shortAndLong, help: "The interface to capture; halfopen doctor lists them.")
  var interface: String

  @Argument(help: "Keep only packets that match; all when absent.")
  var filter: [String] = []

  @OptionGroup(title: "Filters for any encapsulation") var segments: SegmentFilterOptions

  @Option(
    name: .short,
    help: ArgumentHelp(
      "The file to write; - is standard output. (default: see above)",
      valueName: "file"))
  var output: String?

  @Option(help: "Stop after this many packets. (default: never)")
  var count: UInt64?

  @Option(
    help: "Stop after this time, such as 250ms, 30s or 2m. (default: never)",
    transform: DurationArgument.parse)
  var duration: DurationArgument?

  @Option(help: "How to capture: pcap (libpcap) or afpacket (the kernel's packet ring).")
  var backend = BackendChoice.afpacket

  @Option(help: "The most octets to keep of a packet, from 1 to 262144.")
  var snaplen = CaptureSettings.largestSnapLength

  @Option(help: "The room for packets that wait to be written, in MiB, from 1 to 2047.")
  var buffer = CaptureSettings.defaultBufferOctets >> 20

  @Option(help: "pcapng or pcap. (default: pcap when the file's name ends in .pcap, else pcapng)")
  var format: CaptureFormat?

  @Flag(help: "Draw the ladder as packets come, also where standard output is no terminal.")
  var show = false

  @OptionGroup var drawing: LadderOptions

  @Flag(help: "Keep packets for other machines too.")
  var promiscuous = false

  @Option(help: "Become this user, too, when everything is open. (default: whoever starts it)")
  var user: String?

  @Flag(help: "Capture in a user and network namespace of its own, without any privilege.")
  var rootless = false

  func validate() throws {
    guard count != 0 else { throw ValidationError("--count must be at least 1.") }
    guard (1...CaptureSettings.largestSnapLength).contains(snaplen) else {
      throw ValidationError(
        "--snaplen must be from 1 to \(CaptureSettings.largestSnapLength), not \(snaplen).")
    }
    guard (1...2_047).contains(buffer) else {
      throw ValidationError("--buffer must be from 1 to 2047, not \(buffer).")
    }
    if let user, SystemUser(named: user) == nil {
      throw ValidationError("--user: this machine has no user \(user).")
    }
    guard output != "" else { throw ValidationError("-o needs the name of a file.") }
    if path == "-", Terminal.isTerminal(1) {
      throw ValidationError("A capture is not for a terminal: redirect it, or give -o FILE.")
    }
    if path == "-", show {
      throw ValidationError("--show and -o - would both write to standard output.")
    }
  }

  func run() throws {
    if rootless { try RootlessRun.enter() }
    let signals = try SignalWatch()
    let source: any PacketSource
    do throws(CaptureError) {
      source = try begin()
    } catch {
      throw CaptureFailure.beginning(error, on: interface)
    }
    let encoder = CaptureEncoder(
      chosenFormat, linkType: source.linkType, snapLength: snaplen, on: interface)
    let ladder =
      isWatched ? LiveLadder(linkType: source.linkType, layout: drawing.layout()) : nil
    var run = try CaptureRun(
      from: source, through: encoder, into: path,
      sieve: segments.filter.map { PacketSieve($0, linkType: source.linkType) },
      snapLength: snaplen,
      watchedBy: ladder, mostPackets: count ?? .max, signals: signals)
    try dropPrivileges()
    run.report = report
    run.listeners = ListenerNews(about: segments.port, at: MonotonicClock.now)
    announce()
    let ending: CaptureRun.Ending
    do {
      ending = try run.run(for: duration?.length)
    } catch {
      ladder?.finish()
      reportCounts(run, source)
      throw (error as? CaptureError).map { CaptureFailure.underway($0, on: interface) } ?? error
    }
    ladder?.finish()
    reportCounts(run, source)
    switch ending {
    case .count, .duration: return
    case .signal(.interrupt): throw ExitCode(ExitStatus.interrupted.rawValue)
    case .signal(.terminate): throw ExitCode(ExitStatus.terminated.rawValue)
    case .interfaceRemoved:
      throw CaptureFailure.underway(.interfaceRemoved(interface), on: interface)
    }
  }

  /// Everything is open: nothing that comes from here on may use a privilege.
  private func dropPrivileges() throws {
    do throws(SystemCallError) {
      try PrivilegeDrop.dropAll(becoming: user.flatMap { SystemUser(named: $0) })
    } catch {
      throw Failure(.refused, "cannot give up privileges (\(error)), so nothing is captured.")
    }
  }

  /// Begins the capture, with a filter in the kernel that spares the exact one most of its work.
  private func begin() throws(CaptureError) -> any PacketSource {
    var settings = settings
    guard let segments = segments.filter else { return try backend.way.begin(settings) }
    // The exact filter needs the headers, whatever is kept of them.
    settings.snapLength = max(snaplen, PacketSieve.octetsNeeded)
    var sparing = settings
    let own = settings.filter.isEmpty ? [] : ["(\(settings.filter))"]
    sparing.filter = (own + [segments.kernelExpression]).joined(separator: " and ")
    do throws(CaptureError) {
      return try backend.way.begin(sparing)
    } catch {
      // Too long for the kernel; or something else is wrong, which the second try tells as it is.
      return try backend.way.begin(settings)
    }
  }

  private var settings: CaptureSettings {
    CaptureSettings(
      interface: interface, filter: filter.joined(separator: " "), snapLength: snaplen,
      isPromiscuous: promiscuous, bufferOctets: buffer << 20)
  }

  /// Whether somebody watches.
  private var isWatched: Bool { show || (Terminal.isTerminal(1) && output != "-") }

  /// The file to write; nil for none.
  private var path: String? {
    output ?? (isWatched ? nil : "halfopen-\(interface).\(chosenFormat.rawValue)")
  }

  private var chosenFormat: CaptureFormat {
    format ?? (output?.hasSuffix(".pcap") == true ? .pcap : .pcapng)
  }

  private func announce() {
    let place = path.map { $0 == "-" ? " into standard output" : " into \($0)" } ?? ""
    StandardError.write("halfopen: capturing on \(interface)\(place); Control-C stops\n")
    if rootless { RootlessRun.announce() }
  }

  private func report(_ event: CaptureRun.Event) {
    switch event {
    case .linkDown:
      StandardError.write("halfopen: \(interface) is down; the capture goes on when it is up\n")
    case .counters(let news): StandardError.write("halfopen: listeners here: \(news)\n")
    case .linkUp: StandardError.write("halfopen: \(interface) is up again\n")
    }
  }

  private func reportCounts(_ run: borrowing CaptureRun, _ source: any PacketSource) {
    let written = run.packetsKept
    let counts = try? source.counts()
    if let filled = counts?.bufferFilled, filled > 0 {
      StandardError.write(
        "halfopen: the buffer was full \(filled) times; --buffer \(min(2_047, 4 * buffer)) helps\n")
    }
    StandardError.write(
      """
      halfopen: \(written) packet\(written == 1 ? "" : "s") captured, \
      \(counts.map { "\($0.received)" } ?? "?") received by the filter, \
      \(counts.map { "\($0.droppedByKernel)" } ?? "?") dropped by the kernel, \
      \(counts.map { "\($0.droppedByInterface)" } ?? "?") dropped by the interface

      """)
    if let total = run.listeners?.total() {
      StandardError.write("halfopen: listeners here, in all: \(total)\n")
    }
  }
}
