import DatagramDemos
import Determinism
import Glibc
import LinuxPacketIO
import Wire

/// Sends datagrams that die on the way, one hop further each time, and hears where.
///
/// Each goes to a port of its own, since a router need not quote more of a datagram than its ports.
struct TraceRun: ~Copyable {
  /// What to send, and how long to wait.
  struct Settings {
    var hops: ClosedRange<Int>
    var queries: Int
    var timeout: Nanoseconds
    var firstPort: UInt16
  }

  /// How a trace ends.
  enum Ending {
    /// The host said something.
    case arrived
    /// Somebody said that there is no way.
    case stopped(String)
    /// The last hop allowed was not the host.
    case outOfHops
    /// A signal came.
    case interrupted(SignalWatch.Request)
  }

  /// What a datagram carries: as much as the traditional ones, and nothing of this machine's memory.
  static let payload = Array("halfopen datagram trace, a probe\n".utf8.prefix(32))

  private let socket: ProbeSocket
  private let host: IPAddress
  private let settings: Settings

  /// Opens the socket.
  ///
  /// - Throws: ``SystemCallError``.
  init(to peer: DatagramPeer, _ settings: Settings) throws(SystemCallError) {
    let interface: Int? =
      if let name = peer.interface { try NetworkInterface.named(name)?.index } else { nil }
    socket = try ProbeSocket(to: peer.endpoint.address.octets, interface: interface ?? 0)
    host = peer.endpoint.address
    self.settings = settings
  }

  /// Runs until the host is reached, or cannot be.
  ///
  /// - Parameters:
  ///   - signals: What ends the run early.
  ///   - show: Told of each hop, in their order, as it is complete.
  /// - Returns: How it ended.
  /// - Throws: ``SystemCallError`` when a datagram cannot leave this machine.
  func run(
    until signals: SignalWatch, _ show: (TraceHop) -> Void
  ) throws(SystemCallError) -> Ending {
    var port = settings.firstPort
    for number in settings.hops {
      let hop = try reach(number, from: port, until: signals)
      if let request = signals.request { return .interrupted(request) }
      show(hop)
      if hop.hasArrived { return .arrived }
      if let obstacle = hop.obstacle { return .stopped(obstacle) }
      port &+= UInt16(settings.queries)
    }
    return .outOfHops
  }

  /// Sends the datagrams of one hop, and waits until something was said about each, or the time is
  /// over.
  private func reach(
    _ number: Int, from port: UInt16, until signals: SignalWatch
  ) throws(SystemCallError) -> TraceHop {
    var round = Round(number: number, firstPort: port, queries: settings.queries)
    let descriptors = [socket.descriptor, signals.descriptor]
    for query in 0..<settings.queries where signals.request == nil {
      try send(query, &round)
      // One after the other where replies are quick: of a burst routers answer only a part.
      _ = try Readiness.wait(for: descriptors, upTo: .milliseconds(2))
      try hear(&round)
    }
    let deadline = MonotonicClock.now + settings.timeout
    while round.isWaiting, signals.request == nil {
      let left = deadline - MonotonicClock.now
      guard left > .zero else { break }
      _ = try Readiness.wait(for: descriptors, upTo: left)
      try hear(&round)
    }
    return round.hop
  }

  /// Sends one datagram.
  ///
  /// What the kernel refuses it for can be the fate of an earlier one, of which the queue tells then.
  private func send(_ query: Int, _ round: inout Round) throws(SystemCallError) {
    let port = round.firstPort &+ UInt16(query)
    for _ in 0..<3 {
      round.sent.append(MonotonicClock.now)
      do throws(SystemCallError) {
        return try socket.send(
          Self.payload, port: port, hopLimit: UInt8(truncatingIfNeeded: round.hop.number))
      } catch {
        round.sent.removeLast()
        guard try hear(&round) > 0 else { throw error }
      }
    }
    throw SystemCallError(call: "sendto", code: EBUSY)
  }

  /// Takes all that has been said meanwhile.
  ///
  /// - Returns: How much.
  @discardableResult
  private func hear(_ round: inout Round) throws(SystemCallError) -> Int {
    var count = 0
    while let report = try socket.nextReport() {
      count += 1
      let sender = IPAddress(octets: report.offender).map { address in
        let interface = Self.interfaceName(report.offenderInterface)
        return "\(address)" + (interface.map { "%" + $0 } ?? "")
      }
      round.take(TraceHop.Meaning(report), from: sender ?? "this machine", about: report.port)
    }
    while let port = socket.nextAnswer() {
      count += 1
      round.take(.arrived("answer"), from: "\(host)", about: port)
    }
    return count
  }

  private static func interfaceName(_ index: Int) -> String? {
    guard index > 0 else { return nil }
    return (try? NetworkInterface.all())?.first { $0.index == index }?.name ?? "\(index)"
  }
}

/// The datagrams of one hop while they are on their way.
private struct Round {
  var hop: TraceHop
  let firstPort: UInt16
  var sent: [Instant] = []

  init(number: Int, firstPort: UInt16, queries: Int) {
    hop = TraceHop(number: number, replies: Array(repeating: nil, count: queries))
    self.firstPort = firstPort
  }

  var isWaiting: Bool { hop.replies.contains(nil) }

  /// Notes what was said about the datagram to `port`; what concerns an earlier hop came too late.
  mutating func take(_ meaning: TraceHop.Meaning, from sender: String, about port: UInt16) {
    let query = Int(port &- firstPort)
    guard sent.indices.contains(query), hop.replies[query] == nil else { return }
    hop.replies[query] = TraceHop.Reply(
      sender: sender, roundTrip: MonotonicClock.now - sent[query], meaning: meaning)
  }
}

extension IPAddress {
  /// The address that these octets are; nil unless there are 4 or 16.
  fileprivate init?(octets: [UInt8]) {
    switch octets.count {
    case 4: self = .v4(IPv4Address(rawValue: octets.span.uint32(at: 0)))
    case 16:
      self = .v6(IPv6Address(high: octets.span.uint64(at: 0), low: octets.span.uint64(at: 8)))
    default: return nil
    }
  }
}
