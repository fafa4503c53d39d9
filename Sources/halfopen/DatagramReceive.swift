import ArgumentParser
import DatagramDemos
import Determinism
import LinuxPacketIO
import Wire

/// Receives records until enough have come, or a signal stops it.
struct DatagramReceive: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "receive",
    abstract: "Print the records that come in datagrams, until SIGINT or SIGTERM.",
    discussion: """
      What is no record is named on standard error, counted there at the end, and never printed as \
      one. A run that met any and ends by --count or --duration ends with status 3.

        halfopen datagram receive                        all addresses, port 8089
        halfopen datagram receive --variable --count 1   one record of that form
        halfopen datagram receive --broadcast            share the port with others
        halfopen datagram receive --group 239.1.2.3 --interface eth0
        halfopen datagram receive --group ff02::8089 --interface eth0 --format jsonl

      Ends with 130 after SIGINT and 143 after SIGTERM, with 2 for an address that is not this \
      machine's, 4 for a port that needs a permission, 6 for one that is taken.
      """)

  @Option(help: "The port; 0 takes a free one and tells which.")
  var port = ScoreSender.defaultPort

  @Option(help: "A name or address to listen on. (default: all, IPv6 and IPv4)")
  var address: String?

  @Flag(help: "Expect the variable form: the scores, then the name up to the end.")
  var variable = false

  @Option(help: "End after this many records.")
  var count: Int?

  @Option(
    help: "End after this long, with a unit: ns, us, ms, s, m, h.",
    transform: DurationArgument.parse)
  var duration: DurationArgument?

  @Flag(help: "Share the port: each receiver that does gets what is broadcast.")
  var broadcast = false

  @Option(help: "Be a member of this group, and hear nothing else.")
  var group: String?

  @Option(help: "The interface on which to be a member, or that a link-local address is on.")
  var interface: String?

  @Option(help: "How to print: text, or jsonl, a JSON object a record.")
  var format = RecordFormat.text

  enum RecordFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case jsonl
  }

  func validate() throws {
    if let count, count < 1 {
      throw ValidationError("--count must be at least 1, not \(count).")
    }
    guard group == nil || address == nil else {
      throw ValidationError("--group listens on the group's address; leave --address out.")
    }
  }

  func run() async throws {
    let signals = try SignalWatch()
    let tally = ReceivedScores(format: format, limit: count)
    let receiver: ScoreReceiver
    do throws(DatagramFailure) {
      receiver = try await ScoreReceiver.start(
        ScoreReceiverConfiguration(
          form: variable ? .variable : .fixed, host: address, port: port, sharesPort: broadcast,
          group: group, interface: interface),
        report: { tally.take($0) })
    } catch {
      throw Failure(Datagram.status(of: error), "\(error).")
    }
    StandardError.write("listening on \(receiver.place)\n")
    let status = await tally.ending(signals, after: duration)
    await receiver.stop()
    StandardError.write(tally.summary)
    guard status == .success else { throw ExitCode(status.rawValue) }
    if tally.hasRefused { throw ExitCode(ExitStatus.damagedInput.rawValue) }
  }
}
