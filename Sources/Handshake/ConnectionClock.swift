public import Determinism

extension Connection {
  /// The same connection by a clock that shows `shift` more: whatever falls due, falls due that much
  /// later.
  ///
  /// Nothing else in a connection is an instant, so two connections that are equal after such a move
  /// behave alike from then on. Timestamps are the exception: what they say depends on the clock
  /// itself.
  public func moved(by shift: Nanoseconds) -> Self {
    var moved = self
    moved.retransmissionDue = retransmissionDue.map { $0 + shift }
    moved.challengedAt = challengedAt.map { $0 + shift }
    moved.timeWaitEnd = timeWaitEnd.map { $0 + shift }
    return moved
  }
}
