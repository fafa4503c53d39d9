import SynCookies
public import Wire

/// What is asked of a listener by those who look at every run of it.
extension Listener {
  /// What it remembers of a SYN whose ACK it waits for; nil for a connection that it does not know or
  /// has handed over.
  public func halfOpenEntry(of tuple: FourTuple) -> HalfOpenEntry? {
    pool.entry(of: tuple, digest: tuple.digest(key: tupleKey))
  }

  /// The same listener, taking its next initial sequence numbers from `numbers`.
  public func numbered(by numbers: SequenceNumberSource) -> Listener {
    var listener = self
    listener.numbers = numbers
    return listener
  }
}
