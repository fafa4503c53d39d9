public import Wire

/// What became of one segment that a listener received.
public enum ListenerVerdict: Hashable, Sendable {
  /// A SYN took a slot of the pool and was answered.
  case admitted
  /// A SYN took the slot of `victim` and was answered.
  case admittedEvicting(victim: FourTuple)
  /// A SYN was answered with a cookie and forgotten.
  case answeredWithCookie
  /// A SYN that is in the pool already was answered again.
  case answeredAgain
  /// An ACK completed a half-open entry; the connection is in the accept queue.
  case completed
  /// An ACK brought a valid cookie; the connection is in the accept queue.
  case completedByCookie
  /// A RST, or a second SYN in the window, removed the half-open entry.
  case entryReset
  /// A half-open entry's segment drew a challenge ACK and changed nothing.
  case challenged
  /// It belonged to a connection that the listener has handed over.
  case deliveredToConnection
  /// It was let fall.
  case dropped(DropReason)
}
