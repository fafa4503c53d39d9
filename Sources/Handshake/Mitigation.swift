/// How a listener defends itself against SYNs that nobody means.
///
/// The first three are pure forms, each with the knobs that teach something; the others are what
/// present-day stacks do, as ``ListenerRules`` tells.
public enum Mitigation: String, Hashable, Sendable, CaseIterable {
  /// Every SYN asks for a slot of the half-open pool.
  case pool
  /// No pool at all: every SYN is answered with a cookie and forgotten.
  case cookies
  /// The pool is kept for frequent visitors; everybody else, and a visitor who finds it full, gets
  /// a cookie.
  case hybrid
  /// Linux 6.18.
  case linux
  /// FreeBSD 14 and its syncache.
  case freebsd
  /// gVisor's netstack.
  case gvisor
  /// OpenBSD's pf as a `synproxy` in front of a server.
  case pf
  /// illumos.
  case illumos
  /// RFC 9293 to the letter, where nothing defends.
  case rfc9293

  /// The pure forms.
  public static let pureForms: [Self] = [.pool, .cookies, .hybrid]
}
