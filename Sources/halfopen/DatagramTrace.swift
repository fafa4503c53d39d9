import ArgumentParser
import DatagramDemos
import Determinism
import LinuxPacketIO
import Wire

/// Shows the routers between this machine and another.
struct DatagramTrace: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace",
    abstract: "Show the routers on the way to a host, and how long there and back takes.",
    discussion: """
      Datagrams may cross one link, then two, and so on; the router where that is spent says so in \
      an ICMP message (RFC 792, RFC 4443), which the socket's error queue hands to anybody: no \
      privilege is needed. The host itself is known by its answer, or by saying that nobody listens.

        halfopen datagram trace 127.0.0.1
        halfopen datagram trace 2001:db8::1 --queries 1 --timeout 300ms
        halfopen datagram trace fe80::1%eth0 --format jsonl

      Ends with 0 when the host was reached, with 1 when somebody says that there is no way to it or \
      --max-hops were not enough.
      """)

  @Argument(help: "A name, or an address of either family.")
  var host: String

  @Option(help: "How many links to cross at most: 1 to 255.")
  var maxHops = 30

  @Option(help: "How many to cross at first.")
  var firstHop = 1

  @Option(help: "How many datagrams to send a hop: 1 to 10.")
  var queries = 3

  @Option(
    help: "How long to wait for a hop's replies, with a unit: ns, us, ms, s, m, h. (default: 1s)",
    transform: DurationArgument.parse)
  var timeout = DurationArgument.seconds(1)

  @Option(help: "The port of the first datagram; each goes to the one after.")
  var port: UInt16 = 33_434

  @Option(help: "How to print: text, json, or jsonl, a JSON object a hop.")
  var format = Format.text

  @Option(name: .shortAndLong, help: "Write to this file instead of standard output.")
  var output: String?

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
    case jsonl
  }

  func validate() throws {
    guard (1...255).contains(maxHops) else {
      throw ValidationError("--max-hops must be from 1 to 255, not \(maxHops).")
    }
    guard (1...maxHops).contains(firstHop) else {
      throw ValidationError("--first-hop must be from 1 to \(maxHops), not \(firstHop).")
    }
    guard (1...10).contains(queries) else {
      throw ValidationError("--queries must be from 1 to 10, not \(queries).")
    }
    guard timeout.length > .zero, timeout.length <= .seconds(60) else {
      throw ValidationError("--timeout must be longer than 0 and at most 60s, not \(timeout).")
    }
    let last = 65_535 - (maxHops - firstHop + 1) * queries
    guard (1...last).contains(Int(port)) else {
      throw ValidationError("--port must be from 1 to \(last), not \(port).")
    }
  }

  func run() throws {
    let signals = try SignalWatch()
    let peer: DatagramPeer
    do throws(DatagramFailure) {
      peer = try DatagramPeer.host(named: host, port: port)
    } catch {
      throw Failure(Datagram.status(of: error), "\(error).")
    }
    let sink = try TextSink(output)
    var report = TraceReport(peer: peer, queries: queries, timeout: timeout, format: format)
    let ending: TraceRun.Ending
    do throws(SystemCallError) {
      let run = try TraceRun(
        to: peer,
        TraceRun.Settings(
          hops: firstHop...maxHops, queries: queries, timeout: timeout.length, firstPort: port))
      ending = try run.run(until: signals) { hop in
        sink.waiting += report.text(of: hop).utf8
        sink.write(atLeast: 1)
      }
    } catch {
      throw failure(error)
    }
    sink.waiting += report.foot(ending).utf8
    try sink.close()
    try end(ending, at: peer)
  }

  private func end(_ ending: TraceRun.Ending, at peer: DatagramPeer) throws {
    switch ending {
    case .arrived: return
    case .stopped(let reason):
      throw Failure(.expectationFailed, "there is no way to \(host): \(reason).")
    case .outOfHops:
      throw Failure(
        .expectationFailed,
        "\(host) was not reached within \(maxHops) \(maxHops == 1 ? "hop" : "hops").")
    case .interrupted(.interrupt): throw ExitCode(ExitStatus.interrupted.rawValue)
    case .interrupted(.terminate): throw ExitCode(ExitStatus.terminated.rawValue)
    }
  }

  private func failure(_ error: SystemCallError) -> Failure {
    if error.isPermission {
      return Failure(.expectationFailed, "\(DatagramFailure.forbidden(host)).")
    }
    return Failure(
      error.isUnreachable ? .expectationFailed : .resources,
      error.isUnreachable
        ? "no route leads to \(host): see 'ip route' and 'ip -6 route'; an interface may be down."
        : "cannot trace \(host): \(error).")
  }
}
