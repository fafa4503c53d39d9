/// Why a client got no stamp.
public enum StampFailure: Error, Hashable, Sendable {
  /// No address belongs to the name.
  case nameNotFound
  /// The host answered that nobody listens.
  case refused
  /// Time ran out.
  case timedOut(StampPhase)
  /// The server broke the connection before the stamp was whole.
  case reset
  /// What came until the server closed is no stamp.
  case malformed([UInt8])
  /// No way leads to the host.
  case unreachable(reason: String)
  /// This machine could not do its part.
  case local(reason: String)
}

/// How far a client had come.
public enum StampPhase: Hashable, Sendable {
  /// The handshake, and before it the search for the address.
  case connecting
  /// The wait for stamp and end.
  case answering
}

extension StampFailure: CustomStringConvertible {
  /// One clause, to stand after the name of the server.
  public var description: String {
    switch self {
    case .nameNotFound: "name not found"
    case .refused: "connection refused: nobody listens there"
    case .timedOut(.connecting): "timed out while connecting: no answer, or a full queue"
    case .timedOut(.answering):
      "timed out while waiting for the stamp: connected, but the server did not answer and close"
    case .reset: "connection reset by the server before the stamp was whole"
    case .malformed([]): "malformed answer: the server closed without a word"
    case .malformed(let octets): "malformed answer: \(Self.quoted(octets))"
    case .unreachable(let reason): "unreachable: \(reason)"
    case .local(let reason): "this machine could not connect: \(reason)"
    }
  }

  /// Octets as text that cannot disturb a terminal.
  private static func quoted(_ octets: [UInt8]) -> String {
    let text = octets.map { octet in
      switch octet {
      case 0x0D: "\\r"
      case 0x0A: "\\n"
      case 0x20...0x7E: String(UnicodeScalar(octet))
      default: "\\x" + (octet < 16 ? "0" : "") + String(octet, radix: 16)
      }
    }
    return "\"" + text.joined() + "\""
  }
}
