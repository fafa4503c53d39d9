/// Which part of an IP packet has arrived.
public enum FragmentPosition: Hashable, Sendable {
  /// All of it.
  case whole
  /// Its beginning, with the transport header; more follows.
  case first
  /// A later part, which has no transport header; `offset` in octets.
  case later(offset: Int)

  init(offset: Int, isMoreToCome: Bool) {
    self = offset > 0 ? .later(offset: offset) : isMoreToCome ? .first : .whole
  }
}
