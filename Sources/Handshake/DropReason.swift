/// Why a listener let a segment fall; every one is counted in ``ListenerCounters``.
public enum DropReason: String, Hashable, Sendable, CaseIterable {
  /// It was for another address or port.
  case notForThisListener = "not_for_this_listener"
  /// A SYN met a full pool, and the policy keeps who is there.
  case poolFull = "pool_full"
  /// A SYN came from an address that holds as many entries as one source may.
  case sourceLimitReached = "source_limit_reached"
  /// A SYN came from a stranger when only the peers known from earlier were still let in (Linux
  /// without cookies, the last quarter of `tcp_max_syn_backlog`).
  case reservedForProvenPeers = "reserved_for_proven_peers"
  /// A final ACK, or on some stacks a SYN, met a full accept queue.
  case acceptQueueFull = "accept_queue_full"
  /// An ACK brought a cookie that is forged or stale; it is answered with a RST, so that an honest
  /// peer starts again.
  case forgedOrStaleCookie = "forged_or_stale_cookie"
  /// An ACK belonged to no connection; it is answered with a RST (RFC 9293 §3.10.7.2).
  case noSuchConnection = "no_such_connection"
  /// A RST belonged to no connection (RFC 9293 §3.10.7.2, first check).
  case strayReset = "stray_reset"
  /// It had none of SYN, ACK and RST (RFC 9293 §3.10.7.2, fourth check).
  case neitherSynNorAckNorRst = "neither_syn_nor_ack_nor_rst"
  /// A SYN bore FIN too; nobody sends that but scanners, and Linux drops it as well.
  case synWithFin = "syn_with_fin"
  /// A half-open entry's RST lay outside the window (RFC 9293 §3.10.7.4, second check).
  case resetOutsideWindow = "reset_outside_window"
  /// A half-open entry's segment would have drawn a challenge ACK, but one had just been sent (RFC
  /// 5961 §7).
  case challengedRecently = "challenged_recently"
  /// A half-open entry got a segment without ACK (RFC 9293 §3.10.7.4, fifth check).
  case acknowledgmentMissing = "acknowledgment_missing"
  /// A half-open entry's segment acknowledged what was never sent; it is answered with a RST (RFC
  /// 9293 §3.10.7.4, fifth check).
  case acknowledgmentUnacceptable = "acknowledgment_unacceptable"
}
