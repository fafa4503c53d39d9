import KernelLab
import Wire

/// Sockets in every format.
struct SocketListing {
  let sockets: [KernelSocket]

  /// A line a socket, for people.
  var text: String {
    TextTable.text(
      header: ["proto", "recv-q", "send-q", "local", "peer", "state", "timer", "retries", "uid"],
      rows: sockets.map { socket in
        [
          socket.transport.rawValue, String(socket.receiveQueue), String(socket.sendQueue),
          Self.end(socket.local), Self.end(socket.peer), Self.state(of: socket),
          socket.timer.map { "\($0.purpose.rawValue) \($0.remaining.shortText)" } ?? "–",
          String(socket.retransmissions), String(socket.user),
        ]
      })
  }

  /// A line a state that occurs.
  var counts: String {
    TextTable.text(
      header: ["proto", "state", "sockets"],
      rows: tally.map { [$0.transport.rawValue, $0.state.rawValue, String($0.count)] })
  }

  /// One object.
  var json: JSONValue {
    .object([
      ("schema", .string("halfopen.sockets/1")),
      ("version", .string(Halfopen.version)),
      (
        "counts",
        .array(
          tally.map {
            .object([
              ("transport", .string($0.transport.rawValue)), ("state", .string($0.state.rawValue)),
              ("sockets", .integer($0.count)),
            ])
          })
      ),
      ("sockets", .array(sockets.map(Self.json))),
    ])
  }

  private var tally: [(transport: KernelSocket.Transport, state: SocketState, count: Int)] {
    KernelSocket.Transport.allCases.flatMap { transport in
      SocketState.allCases.compactMap { state in
        let count = sockets.count { $0.transport == transport && $0.state == state }
        return count > 0 ? (transport, state, count) : nil
      }
    }
  }

  private static func json(_ socket: KernelSocket) -> JSONValue {
    .object([
      ("transport", .string(socket.transport.rawValue)), ("state", .string(socket.state.rawValue)),
      ("local_address", .string("\(socket.local.address)")),
      ("local_port", .integer(Int(socket.local.port))),
      ("peer_address", .string("\(socket.peer.address)")),
      ("peer_port", .integer(Int(socket.peer.port))),
      ("receive_queue", .integer(socket.receiveQueue)),
      ("send_queue", .integer(socket.sendQueue)),
      ("timer", socket.timer.map { .string($0.purpose.rawValue) } ?? .null),
      ("timer_remaining_ns", JSONValue(socket.timer?.remaining)),
      ("retransmissions", .integer(socket.retransmissions)),
      ("user", .integer(Int(socket.user))), ("inode", .integer(Int(socket.inode))),
    ])
  }

  private static func state(of socket: KernelSocket) -> String {
    socket.transport == .udp && socket.state == .closed ? "–" : socket.state.rawValue
  }

  private static func end(_ end: Endpoint) -> String {
    let isAnywhere = "\(end.address)" == "0.0.0.0" || "\(end.address)" == "::"
    switch (isAnywhere, end.port) {
    case (true, 0): return "*"
    case (true, let port): return "*:\(port)"
    case (false, _): return "\(end)"
    }
  }
}
