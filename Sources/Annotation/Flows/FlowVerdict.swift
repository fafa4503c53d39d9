/// What became of a connection attempt.
public enum FlowVerdict: String, Hashable, Sendable, CaseIterable {
  /// SYN-ACK and the ACK of it were seen.
  case established
  /// The same, and the data of the SYN was taken (RFC 7413).
  case establishedFastOpen = "established-fast-open"
  /// The ACK came with the client's first data.
  case establishedWithData = "established-ack-with-data"
  /// Both ends sent a SYN and each acknowledged the other's.
  case simultaneousOpen = "established-simultaneous-open"
  /// The server acknowledged the SYN and sent its own apart.
  case splitHandshake = "established-split-handshake"
  /// It was open already when the capture began.
  case capturedLate = "captured-late"
  /// The server answered the SYN with a reset.
  case refused
  /// An ICMP error told the client that it shall not get there.
  case refusedByICMP = "refused-by-icmp"
  /// Nobody answered the SYN.
  case unanswered
  /// The SYN-ACK was never acknowledged.
  case halfOpen = "half-open"
  /// The client acknowledged, and the server went on as if it had not.
  case acknowledgmentNotTaken = "acknowledgment-not-taken"
  /// The client answered the SYN-ACK with a reset.
  case synAckReset = "syn-ack-reset"
  /// A SYN-ACK came although no SYN of the client was captured, and nobody acknowledged it.
  case synAckWithoutSyn = "syn-ack-without-syn"
  /// The server reset its own SYN-ACK, or the client its own SYN.
  case resetInHandshake = "reset-in-handshake"
  /// Segments of one end only were captured, and not just its SYNs.
  case oneDirectionOnly = "one-direction-only"
  /// No segment of it was valid.
  case nothingValid = "nothing-valid"
}

extension FlowVerdict {
  /// Whether both ends came to ESTABLISHED, as far as the capture shows.
  public var isEstablished: Bool {
    switch self {
    case .established, .establishedFastOpen, .establishedWithData, .simultaneousOpen,
      .splitHandshake, .capturedLate:
      true
    case .refused, .refusedByICMP, .unanswered, .halfOpen, .acknowledgmentNotTaken, .synAckReset,
      .synAckWithoutSyn, .resetInHandshake, .oneDirectionOnly, .nothingValid:
      false
    }
  }

  /// The verdict in words, for a person.
  public var sentence: String {
    switch self {
    case .established: "established"
    case .establishedFastOpen: "established by Fast Open"
    case .establishedWithData: "established by an ACK that carries data"
    case .simultaneousOpen: "established by simultaneous open"
    case .splitHandshake: "established by split handshake"
    case .capturedLate: "already established when the capture began"
    case .refused: "refused by the host: a reset answered the SYN"
    case .refusedByICMP: "refused by ICMP: an error answered the SYN"
    case .unanswered: "no answer to the SYN"
    case .halfOpen: "half-open: the SYN-ACK was never acknowledged"
    case .acknowledgmentNotTaken:
      "half-open at the server, established at the client: the final ACK was lost or dropped "
        + "(accept queue full, or TCP_DEFER_ACCEPT)"
    case .synAckReset:
      "the client answered the SYN-ACK with a reset: a scan, or it knows no such connection"
    case .synAckWithoutSyn: "a SYN-ACK without a SYN: the capture began late, or it is reflected"
    case .resetInHandshake: "reset in the handshake"
    case .oneDirectionOnly: "one direction only was captured"
    case .nothingValid: "no valid segment"
    }
  }
}

/// How sure a verdict is.
public enum Confidence: String, Hashable, Sendable, CaseIterable {
  /// The segments leave no other explanation.
  case certain
  /// Another explanation would need a rare accident, such as a loss in just the right place.
  case likely
  /// The capture shows too little; this is the best of several explanations.
  case guess
}
