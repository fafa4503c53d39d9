/// The cookie schemes, by the names of the command line.
public enum CookieSchemeName: String, Hashable, Sendable, CaseIterable {
  /// The project's own (``SaltedCookie``).
  case salted
  /// Linux since 4.13, IPv4 and IPv6 (``LinuxCookie``).
  case linux
  /// FreeBSD since 10 (``FreeBSDCookie``).
  case freebsd
  /// The packet filter of OpenBSD and FreeBSD (``PfCookie``).
  case pf
  /// gVisor (``GVisorCookie``).
  case gvisor
  /// The original of 1996 (``BernsteinCookie``).
  case bernstein
  /// Onload (``OnloadCookie``).
  case onload
}
