/// The states of a connection, by their names in RFC 9293 §3.3.2.
public enum TCPState: String, Hashable, Sendable, CaseIterable {
  /// No connection at all.
  case closed = "CLOSED"
  /// Waiting for a SYN from any peer.
  case listen = "LISTEN"
  /// SYN sent, waiting for the peer's.
  case synSent = "SYN-SENT"
  /// SYN received and answered, waiting for the ACK: half-open in the pool's sense.
  case synReceived = "SYN-RECEIVED"
  /// Open both ways.
  case established = "ESTABLISHED"
  /// FIN sent first, not yet acknowledged.
  case finWait1 = "FIN-WAIT-1"
  /// FIN sent first and acknowledged, waiting for the peer's.
  case finWait2 = "FIN-WAIT-2"
  /// The peer's FIN received, this end not yet closed.
  case closeWait = "CLOSE-WAIT"
  /// Both FINs crossed, waiting for the ACK of this end's.
  case closing = "CLOSING"
  /// The peer's FIN received and this end's sent, waiting for its ACK.
  case lastAck = "LAST-ACK"
  /// Both FINs acknowledged, waiting until old segments have died.
  case timeWait = "TIME-WAIT"

  /// Tells whether both ends' initial sequence numbers are known and acknowledged: ESTABLISHED and
  /// every state after it but CLOSED.
  public var isSynchronized: Bool {
    switch self {
    case .closed, .listen, .synSent, .synReceived: false
    case .established, .finWait1, .finWait2, .closeWait, .closing, .lastAck, .timeWait: true
    }
  }
}
