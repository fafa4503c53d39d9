/// What became of the connection attempts at one listener, each attempt counted in one place.
public struct ListenerTally: Hashable, Sendable {
  /// Attempts: SYNs without those that were sent again or captured twice.
  public var syns = 0
  /// SYNs that were sent again.
  public var synsAgain = 0
  /// SYN-ACKs that were sent again.
  public var synAcksAgain = 0
  /// Handshakes that were completed, however.
  public var established = 0
  /// SYN-ACKs that nothing answered by the end of the capture.
  public var neverAcknowledged = 0
  /// Handshakes whose ACK the server did not take.
  public var acknowledgedInVain = 0
  /// SYN-ACKs that the client answered with a reset.
  public var resetByClient = 0
  /// SYN-ACKs that the server itself took back with a reset.
  public var resetByServer = 0
  /// Resets in answer to a SYN.
  public var refusedByHost = 0
  /// ICMP errors in answer to a SYN.
  public var refusedByICMP = 0
  /// SYNs that nothing answered although the capture went on for ``patience``.
  public var ignored = 0
  /// SYNs that nothing answered before the capture ended.
  public var undecided = 0
  /// Whatever cannot be told: one direction only, or a challenge ACK and nothing more.
  public var unclear = 0
  /// Connections whose SYN-ACK was captured and whose SYN was not; they are no attempts.
  public var withoutSyn = 0
  /// Those of them that the client went on to acknowledge: their SYNs are missing from the capture.
  public var withoutSynAcknowledged = 0

  /// Nothing seen yet.
  public init() {}

  /// Attempts that got a SYN-ACK.
  public var answered: Int {
    established + neverAcknowledged + acknowledgedInVain + resetByClient + resetByServer
  }

  /// Attempts that were refused.
  public var refused: Int { refusedByHost + refusedByICMP }

  /// Whether nothing is counted.
  public var isEmpty: Bool { self == Self() }

  /// Adds another listener's.
  public static func += (sum: inout Self, other: Self) {
    sum.syns += other.syns
    sum.synsAgain += other.synsAgain
    sum.synAcksAgain += other.synAcksAgain
    sum.established += other.established
    sum.neverAcknowledged += other.neverAcknowledged
    sum.acknowledgedInVain += other.acknowledgedInVain
    sum.resetByClient += other.resetByClient
    sum.resetByServer += other.resetByServer
    sum.refusedByHost += other.refusedByHost
    sum.refusedByICMP += other.refusedByICMP
    sum.ignored += other.ignored
    sum.undecided += other.undecided
    sum.unclear += other.unclear
    sum.withoutSyn += other.withoutSyn
    sum.withoutSynAcknowledged += other.withoutSynAcknowledged
  }
}
