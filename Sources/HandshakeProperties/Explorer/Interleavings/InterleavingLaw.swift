/// What must hold of every run of two ends.
public enum InterleavingLaw: String, Hashable, Sendable, CaseIterable {
  /// Once all is quiet, either both ends are ESTABLISHED or neither is.
  case bothOrNeither = "S1"
  /// Two ESTABLISHED ends know each other's numbers.
  case numbersAgree = "S2"
  /// An end becomes ESTABLISHED only by an ACK of its own number of this incarnation.
  case onlyItsOwnNumber = "S3"
  /// A handshake is accepted once.
  case acceptedOnce = "S5"
  /// A simultaneous open takes four segments.
  case fourSegments = "S6"
  /// No joint state is a trap.
  case noTrap = "S7"
  /// Who writes to an end that knows nothing finds out.
  case halfOpenIsFound = "S8"
  /// A RST draws no RST, and RSTs come to an end.
  case resetsEnd = "S16"

  /// Its name among all properties.
  public var name: String { rawValue }

  /// Tells whether it says anything of a scenario.
  ///
  /// S1 is about opening alone, and not about a loss together with an old segment: an old SYN in the
  /// window sends a listener back from SYN-RECEIVED to LISTEN (RFC 9293 §3.10.7.4, fourth check);
  /// with the client's ACK lost as well, nothing is left to tell the client, until it writes. That
  /// is S8's part. S6 is about a network without faults.
  public func applies(to scenario: InterleavingScenario) -> Bool {
    switch self {
    case .bothOrNeither:
      scenario.onlyOpens && (scenario.losses == 0 || scenario.oldSegments == 0)
        && scenario.losses <= scenario.retries
    case .fourSegments:
      scenario.opening == .simultaneous && scenario.isFaultless && scenario.isPrompt
    case .acceptedOnce: scenario.opening == .passive
    case .numbersAgree, .onlyItsOwnNumber, .noTrap, .halfOpenIsFound, .resetsEnd: true
    }
  }
}
