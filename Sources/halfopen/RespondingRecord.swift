import Determinism
import Handshake
import LiveResponder
import SynCookies
import Wire

/// What a run of `halfopen respond` came to, for every format.
struct RespondingRecord {
  let host: RespondingHost
  let listener: ListenerSettings
  let device: String
  let missed: UInt64?
  let impairments: (inbound: ImpairmentCounters, outbound: ImpairmentCounters)?
  let firstAcknowledgmentsLost: Int
  let length: Nanoseconds

  init(
    _ responder: borrowing LiveResponder, listener: ListenerSettings, device: String,
    length: Nanoseconds
  ) {
    host = responder.host
    missed = responder.missed
    impairments = responder.impairments
    firstAcknowledgmentsLost = responder.firstAcknowledgmentsLost
    self.listener = listener
    self.device = device
    self.length = length
  }

  /// The counters of all listeners together, in their order.
  var counters: [(name: String, count: Int)] {
    let all = host.listeners.map(\.counters.named)
    guard let first = all.first else { return [] }
    return first.indices.map { place in
      (first[place].name, all.reduce(0) { $0 + $1[place].count })
    }
  }

  /// One object.
  var json: JSONValue {
    .object([
      ("schema", .string("halfopen.respond/1")),
      ("version", .string(Halfopen.version)),
      ("device", .string(device)),
      ("listening", .array(host.listeners.map { .string("\($0.local)") })),
      ("mitigation", .string(listener.mitigation.rawValue)),
      ("scheme", scheme.map { .string($0.rawValue) } ?? .null),
      ("duration_ns", .integer(Int(length.count))),
      ("half_open", .integer(host.listeners.reduce(0) { $0 + $1.pool.count })),
      ("accept_queue", .integer(host.listeners.reduce(0) { $0 + $1.acceptQueue.count })),
      ("connections", .integer(host.listeners.reduce(0) { $0 + $1.connectionCount })),
      (
        "host",
        .object(
          host.counters.named.map { ($0.name, .integer($0.count)) }
            + [("packets_missed", missed.map(JSONValue.unsigned) ?? .null)])
      ),
      ("impairments", .object(damage.map { ($0.name, .integer($0.count)) })),
      ("counters", .object(counters.map { ($0.name, .integer($0.count)) })),
    ])
  }

  /// A sentence, and every counter that is not zero.
  var text: String {
    let counts = (counters + host.counters.named + damage).filter { $0.count != 0 }
    let width = counts.map(\.name.count).max() ?? 0
    return
      "\(listener.mitigation.rawValue)\(scheme.map { " with \($0.rawValue) cookies" } ?? "") on "
      + "\(device) for \(NumberText.oneDecimal(length.seconds)) s: \(Self.line(about: host))\n"
      + counts.map {
        "  \($0.name.padded(to: width))  \(NumberText.grouped(Double($0.count)))\n"
      }.joined()
  }

  /// What was done to packets on purpose.
  private var damage: [(name: String, count: Int)] {
    let ways = impairments.map { [("inbound", $0.inbound), ("outbound", $0.outbound)] } ?? []
    return ways.flatMap { way, counters in
      counters.named.map { ("\(way)_\($0.name)", $0.count) }
    } + [("first_acks_lost", firstAcknowledgmentsLost)]
  }

  /// How far a host has come, on one line.
  static func line(about host: borrowing RespondingHost) -> String {
    func sum(_ count: (ListenerCounters) -> Int) -> String {
      NumberText.grouped(Double(host.listeners.reduce(0) { $0 + count($1.counters) }))
    }
    let halfOpen = host.listeners.reduce(0) { $0 + $1.pool.count }
    return "\(sum(\.completed)) handshakes completed (\(sum(\.cookiesReceived)) by cookie), "
      + "\(sum(\.synsRefused)) SYNs refused, \(NumberText.grouped(Double(halfOpen))) half-open"
  }

  /// The cookies that this listener sends; nil when it sends none.
  private var scheme: CookieSchemeName? {
    let rules = ListenerRules(listener)
    return rules.cookies == .never ? nil : rules.scheme
  }
}
