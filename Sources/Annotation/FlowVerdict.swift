/// What became of a connection attempt.
public enum FlowVerdict: String, Hashable, Sendable, CaseIterable {
  /// SYN, SYN-ACK and the ACK of it were seen.
  case complete
  /// Both ends sent a SYN and each acknowledged the other's.
  case simultaneousOpen = "simultaneous-open"
  /// The server answered the SYN with a reset.
  case refused
  /// An ICMP error told the client that it shall not get there.
  case unreachable
  /// Nobody answered the SYN.
  case unanswered
  /// The SYN-ACK was never acknowledged.
  case halfOpen = "half-open"
  /// The client acknowledged, and the server went on as if it had not.
  case acknowledgmentNotTaken = "acknowledgment-not-taken"
  /// A reset came between SYN-ACK and ACK.
  case resetInHandshake = "reset-in-handshake"
  /// It went on, and the SYN, the SYN-ACK or both were not captured.
  case capturedFromTheMiddle = "captured-from-the-middle"
  /// Segments of one end only were captured, and not just its SYNs.
  case oneDirectionOnly = "one-direction-only"
  /// No segment of it was valid.
  case nothingValid = "nothing-valid"
}

extension FlowVerdict {
  /// The verdict in words, for a person.
  public var sentence: String {
    switch self {
    case .complete: "complete"
    case .simultaneousOpen: "complete, opened by both ends at once"
    case .refused: "refused: the server answered the SYN with a reset"
    case .unreachable: "unreachable: an ICMP error answered the SYN"
    case .unanswered: "unanswered: nobody answered the SYN"
    case .halfOpen: "half-open: the SYN-ACK was never acknowledged"
    case .acknowledgmentNotTaken:
      "half-open at the server: it repeated its SYN-ACK after the client's ACK "
        + "(accept queue full, or TCP_DEFER_ACCEPT)"
    case .resetInHandshake: "reset in the handshake"
    case .capturedFromTheMiddle: "captured from the middle"
    case .oneDirectionOnly: "one direction only was captured"
    case .nothingValid: "no valid segment"
    }
  }
}
