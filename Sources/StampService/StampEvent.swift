public import Wire

/// What happens at a server, in the order in which it happens.
public enum StampEvent: Hashable, Sendable {
  /// A connection was accepted and is being answered.
  case client(Endpoint)
  /// A connection was gone before its address could be asked for.
  case vanishedClient
  /// Descriptors or memory ran out; told once, however often it happens.
  case pausedAccepting(reason: String)
  /// An accept failed for a reason that lies with one connection; the next may succeed.
  case acceptFailed(reason: String)
  /// Listening could not be taken up again after an accept had failed.
  case stoppedListening(Endpoint, reason: String)
}
