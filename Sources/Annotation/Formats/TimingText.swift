import Determinism

extension HandshakeTiming {
  /// The handshake's times in one clause; nil when nothing was measured.
  var words: String? {
    switch (serverSide, clientSide) {
    case (let server?, let client?):
      let total = (server.length + client.length).inWords
      let waited =
        connect.map { $0 == server.length + client.length ? "" : ", \($0.inWords) to connect" }
      return "RTT \(total) = \(server.words) server side + \(client.words) client side"
        + (waited ?? "")
    case (let server?, nil):
      return "RTT \(server.words) server side"
    case (nil, let client?):
      return "RTT \(client.words) client side"
    case (nil, nil):
      return refusal.map { "the reset came after \($0.words)" }
    }
  }
}

extension MeasuredTime {
  fileprivate var words: String {
    switch certainty {
    case .single: length.inWords
    case .echoed: "\(length.inWords) (by the timestamps)"
    case .ambiguous: "\(length.inWords) (ambiguous)"
    }
  }
}
