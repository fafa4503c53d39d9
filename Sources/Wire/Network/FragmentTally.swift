/// What became of the IP packets that came in fragments.
public struct FragmentTally: Hashable, Sendable {
  /// Packets of which all fragments have come.
  public internal(set) var joined: UInt64 = 0
  /// Packets given up since some fragments did not come in time.
  public internal(set) var timedOut: UInt64 = 0
  /// Packets given up to make room for others.
  public internal(set) var evicted: UInt64 = 0
  /// Packets given up since fragments contradicted one another, or no packet has room for them.
  public internal(set) var contradictory: UInt64 = 0

  /// Creates the tally of nothing.
  public init() {}
}
