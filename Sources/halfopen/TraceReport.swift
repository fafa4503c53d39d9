import DatagramDemos
import Determinism
import Wire

/// What a trace prints, hop by hop.
struct TraceReport {
  let peer: DatagramPeer
  let queries: Int
  let timeout: DurationArgument
  let format: DatagramTrace.Format
  private var hops: [JSONValue] = []
  private var hasBegun = false

  private static let schema = (key: "schema", value: JSONValue.string("halfopen.datagram.trace/1"))

  init(
    peer: DatagramPeer, queries: Int, timeout: DurationArgument, format: DatagramTrace.Format
  ) {
    self.peer = peer
    self.queries = queries
    self.timeout = timeout
    self.format = format
  }

  /// What stands before the first hop, once there is one.
  private var head: String {
    "hop  " + "address".padded(to: addressWidth)
      + (1...queries).map { "round trip \($0)".leading(Self.timeWidth) }.joined() + "\n"
  }

  /// What stands behind the last hop.
  func foot(_ ending: TraceRun.Ending) -> String {
    switch format {
    case .text, .jsonl: return ""
    case .json:
      let hasArrived = if case .arrived = ending { true } else { false }
      return JSONValue.object([
        Self.schema, ("host", .string(address)), ("reached", .boolean(hasArrived)),
        ("hops", .array(hops)),
      ]).text + "\n"
    }
  }

  /// What one hop is to print at once.
  mutating func text(of hop: TraceHop) -> String {
    switch format {
    case .text:
      defer { hasBegun = true }
      return (hasBegun ? "" : head) + rows(of: hop)
    case .jsonl: return JSONValue.object([Self.schema] + members(of: hop)).text + "\n"
    case .json:
      hops.append(.object(members(of: hop)))
      return ""
    }
  }

  private func members(of hop: TraceHop) -> [(key: String, value: JSONValue)] {
    let replies = hop.replies.map { reply -> JSONValue in
      guard let reply else { return .null }
      return .object([
        ("from", .string(reply.sender)), ("says", .string(reply.meaning.words)),
        ("round_trip_ns", .integer(Int(reply.roundTrip.count))),
      ])
    }
    return [
      ("hop", .integer(hop.number)), ("reached", .boolean(hop.hasArrived)),
      ("replies", .array(replies)),
    ]
  }

  /// A row for each address that replied, in the order of their first replies.
  private func rows(of hop: TraceHop) -> String {
    var senders: [String] = []
    for reply in hop.replies {
      if let reply, !senders.contains(reply.sender) { senders.append(reply.sender) }
    }
    guard !senders.isEmpty else {
      return "\(hop.number)".leading(3) + "  no reply within \(timeout)\n"
    }
    return senders.enumerated().map { index, sender in
      let number = index == 0 ? "\(hop.number)" : ""
      let times = hop.replies.map { reply in
        let isHere = reply?.sender == sender
        let text = isHere ? reply.map { Self.milliseconds($0.roundTrip) } : nil
        return (text ?? (reply == nil && index == 0 ? "–" : "")).leading(Self.timeWidth)
      }
      let words = hop.replies.compactMap { $0?.sender == sender ? $0?.meaning : nil }
        .first { $0 != .onTheWay }
      return number.leading(3) + "  " + sender.padded(to: addressWidth) + times.joined()
        + (words.map { "  " + $0.words } ?? "") + "\n"
    }.joined()
  }

  private static let timeWidth = 14

  private var address: String {
    "\(peer.endpoint.address)" + (peer.interface.map { "%" + $0 } ?? "")
  }

  private var addressWidth: Int {
    switch peer.endpoint.address {
    case .v4: 15
    case .v6: max(25, address.count)
    }
  }

  private static func milliseconds(_ length: Nanoseconds) -> String {
    let thousandths = (length.count + 500) / 1_000
    let fraction = String(1_000 + thousandths % 1_000).dropFirst()
    return "\(thousandths / 1_000).\(fraction) ms"
  }
}

extension TraceHop.Meaning {
  /// A few words about a reply.
  fileprivate var words: String {
    switch self {
    case .onTheWay: "hop limit exceeded"
    case .arrived(let words): words
    case .stopped(let words): words
    }
  }
}

extension String {
  /// The string with spaces before it, up to a width.
  fileprivate func leading(_ width: Int) -> String { padding(to: width) + self }
}
