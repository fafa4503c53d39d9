import Determinism

extension CookieSchemeName {
  /// The one table of what the schemes are; tests hold it against what they do.
  public var facts: CookieSchemeFacts {
    switch self {
    case .salted: .salted
    case .linux: .linux
    case .freebsd: .freebsd
    case .pf: .pf
    case .gvisor: .gvisor
    case .bernstein: .bernstein
    case .onload: .onload
    }
  }
}

extension CookieSchemeFacts {
  private static let tcpFlags = [
    CookieField("MSS", width: 3, "one of eight segment sizes", isReadable: true),
    CookieField("WS", width: 3, "one of seven window scales, or none", isReadable: true),
    CookieField("S", width: 1, "SACK", isReadable: true),
    CookieField("P", width: 1, "which of two keys", isReadable: true),
  ]

  fileprivate static let salted = Self(
    name: .salted, summary: "the project's own: nothing but hash",
    fields: [CookieField("hash", width: 32, "of the connection, under the salt of the second")],
    composition: "hash",
    period: .seconds(1), ages: 2, classes: 1, remembered: [], inTimestamp: [],
    bindsInitialSequence: false, inputs: [.salt])

  fileprivate static let linux = Self(
    name: .linux, summary: "Linux since 4.13, SYNPROXY too",
    fields: [
      CookieField("count", width: 8, "minutes"),
      CookieField("H1 + MSS", width: 24, "hash of connection and minute, plus one of four sizes"),
    ],
    composition: "H0 + client's ISN + fields", period: LinuxCookie.period,
    ages: Int(LinuxCookie.ages), classes: LinuxCookie.version4Sizes.sizes.count,
    remembered: ["MSS (4 sizes)"], inTimestamp: ["window scale", "SACK", "ECN"],
    bindsInitialSequence: true, inputs: [.key, .count, .time])

  fileprivate static let freebsd = Self(
    name: .freebsd, summary: "FreeBSD since 10",
    fields: [CookieField("MAC", width: 24, "of connection, ISN, bucket and the low byte")]
      + tcpFlags,
    composition: "fields, the low byte XOR the first",
    period: AlternatingKeys.period, ages: 2, classes: 128,
    remembered: ["MSS (8 sizes)", "window scale (7)", "SACK"], inTimestamp: [],
    bindsInitialSequence: true, inputs: [.key, .epoch, .secmod])

  fileprivate static let pf = Self(
    name: .pf, summary: "the packet filter of OpenBSD and FreeBSD",
    fields: [CookieField("MAC", width: 24, "of connection, ISN and the low byte")] + tcpFlags,
    composition: "fields, the low byte XOR the first",
    period: AlternatingKeys.period, ages: 2, classes: 128,
    remembered: ["MSS (8 sizes)", "window scale (7)"], inTimestamp: [],
    bindsInitialSequence: true, inputs: [.key, .epoch])

  fileprivate static let gvisor = Self(
    name: .gvisor, summary: "gVisor",
    fields: [
      CookieField("count", width: 8, "steps of 64 s, modulo 256"),
      CookieField("h1 + MSS", width: 24, "hash of connection and count, plus one of four sizes"),
    ],
    composition: "h0 + client's ISN + fields", period: GVisorCookie.period,
    ages: Int(GVisorCookie.ages), classes: GVisorCookie.sizes.sizes.count,
    remembered: ["MSS (4 sizes)"], inTimestamp: [], bindsInitialSequence: true,
    inputs: [.nonce, .count])

  fileprivate static let bernstein = Self(
    name: .bernstein, summary: "the original of 1996",
    fields: [
      CookieField("t", width: 5, "steps of 64 s, modulo 32", isReadable: true),
      CookieField("MSS", width: 3, "one of eight segment sizes", isReadable: true),
      CookieField("s", width: 24, "hash of connection and t"),
    ],
    composition: "client's ISN + fields", period: BernsteinCookie.period,
    ages: Int(BernsteinCookie.ages), classes: BernsteinCookie.sizes.sizes.count,
    remembered: ["MSS (8 sizes)"], inTimestamp: [], bindsInitialSequence: true,
    inputs: [.key, .count])

  fileprivate static let onload = Self(
    name: .onload, summary: "Onload, IPv4 only",
    fields: [
      CookieField("hash", width: 24, "of the connection and the low byte"),
      CookieField("t", width: 5, "steps of about 8 s, modulo 32", isReadable: true),
      CookieField("MSS", width: 3, "one of eight segment sizes", isReadable: true),
    ],
    composition: "fields", period: OnloadCookie.period, ages: Int(OnloadCookie.ages), classes: 8,
    remembered: ["MSS (8 sizes)"], inTimestamp: ["both window scales", "SACK"],
    bindsInitialSequence: false, inputs: [.salt, .count, .largestSize, .ownWindowScale, .time])
}
