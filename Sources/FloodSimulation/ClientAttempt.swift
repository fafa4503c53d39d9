import Determinism
import Handshake

/// One client's attempt to fetch a stamp, from its first SYN to the stamp or to giving up.
struct ClientAttempt: Sendable {
  let host: Int
  let startedAt: Instant
  /// Whether an earlier connection of this attempt was reset.
  let isRestart: Bool
  /// When its patience ends.
  let givesUpAt: Instant
  var connection: Connection
  /// When its connection was established, as `connect` would tell.
  var establishedAt: Instant?
  /// The earliest alarm set for its connection; later ones are stale.
  var alarm: Instant?
  /// Whether the link has lost its first pure ACK, where it does so.
  var hasLostAcknowledgment = false
  /// Nil as long as it is open.
  var outcome: Outcome?

  /// How an attempt ends.
  enum Outcome: Hashable {
    /// The stamp came.
    case completed
    /// A RST answered the SYN, or ended the fresh connection of a client that does not start again.
    case refused
    /// No SYN was answered in time.
    case unanswered
    /// The client was in ESTABLISHED, but no stamp came in time.
    case stalled
  }
}
