import Determinism
import Handshake
import Probe
import SynCookies
import Wire

/// What a probe says of a listener that is known.
enum Verdicts {
  /// V1.
  ///
  /// A probe's own SYNs may fill a small pool, when its RSTs are lost; then its next answers are
  /// cookies, and what it says is held against them. That it saw none is no fault where each of them
  /// was the only answer under its name.
  static let cookiesAreNamedRightly = Property(
    "V1",
    "A probe names the cookies that a listener sends, or says it cannot tell; never others.",
    source: "by construction: each scheme's own arithmetic; loss and duplication included",
    usualCases: 600
  ) { (choices) throws(CaseEnd) in
    let (settings, isPressed) = try choices.probedSettings()
    var probed = try choices.probedListener(settings, isPressed: isPressed)
    try probed.play(&choices)
    let truth = cookies(of: settings, isPressed: isPressed || probed.hasSeenCookies)
    let isHidden = settings.syncookies == .onOverflow && !probed.canNoticeCookies
    let finding = probed.verdict.cookies
    choices.note("the probe says: \(finding)")
    for candidate in finding.candidates {
      choices.note("  \(candidate.name): \(candidate.probability)")
    }
    let isRight =
      switch finding.verdict {
      case .cannotTell: true
      case .notSeen: truth == nil || isHidden
      case .sending(nil): truth != nil
      case .sending(let named?): truth.map(ProbedCookies.scheme) == named
      }
    try require(isRight, "the listener's cookies are \(truth?.rawValue ?? "none")")
  }

  /// V2.
  static let portsAreNamedRightly = Property(
    "V2", "A probe never calls an open port closed, nor a closed one open.",
    source: "RFC 9293 §3.10.7.1 and §3.10.7.2; loss and duplication included", usualCases: 600
  ) { (choices) throws(CaseEnd) in
    let isOpen = try choices.chance(1, in: 2)
    let (settings, isPressed) = try choices.probedSettings()
    var probed = try choices.probedListener(isOpen ? settings : nil, isPressed: isPressed)
    try probed.play(&choices)
    let port = probed.verdict.port
    choices.note("the probe says: \(port)")
    switch port.state {
    case .open: try require(isOpen, "nobody listens")
    case .closed: try require(!isOpen, "somebody listens")
    case .filtered: throw .violated("nothing filters")
    case .silent, .cannotTell: break
    }
    try require(
      probed.prober.synsSent <= probed.prober.plan.synLimit,
      "the probe sends \(probed.prober.synsSent) SYNs")
  }

  /// The cookies that a listener answers a stranger with.
  private static func cookies(
    of settings: ListenerSettings, isPressed: Bool
  ) -> CookieSchemeName? {
    let isSending = settings.syncookies == .always
    let isPressing = isPressed && settings.syncookies == .onOverflow
    return switch settings.mitigation {
    case .pool, .illumos, .rfc9293: nil
    case .cookies, .hybrid: settings.scheme
    case .linux: isSending || isPressing ? .linux : nil
    case .gvisor: isSending || isPressing ? .gvisor : nil
    case .pf: isSending ? .pf : nil
    case .freebsd: settings.syncookies == .never ? nil : .freebsd
    }
  }
}

extension Choices {
  /// Draws a listener of any kind, and whether strangers keep its pool full.
  fileprivate mutating func probedSettings() throws(CaseEnd) -> (ListenerSettings, Bool) {
    var settings = ListenerSettings(
      mitigation: try element(of: Mitigation.allCases), backlog: try number(in: 1...8))
    settings.scheme = try element(of: CookieSchemeName.allCases)
    settings.syncookies = try element(of: SyncookiesMode.allCases)
    settings.stack.offersTimestamps = try !chance(1, in: 6)
    settings.stack.offersSack = try !chance(1, in: 6)
    settings.stack.windowScale = try chance(1, in: 6) ? nil : 7
    let canBePressed = [.linux, .gvisor].contains(settings.mitigation)
    let isPressed = canBePressed ? try chance(1, in: 2) : false
    note(
      "\(settings.mitigation.rawValue), \(settings.scheme.rawValue), "
        + "syncookies \(settings.syncookies.rawValue)\(isPressed ? ", pool full" : "")")
    return (settings, isPressed)
  }

  /// Draws a probe of a listener, and the link between them.
  fileprivate mutating func probedListener(
    _ settings: ListenerSettings?, isPressed: Bool
  ) throws(CaseEnd) -> ProbedListener {
    let questions = try element(of: [
      [ProbeQuestion.handshake], [.handshake, .options], [.handshake, .schedule], [.resets],
      [.options],
    ])
    let isIPv6 = try chance(1, in: 2)
    let address = { (last: UInt64) in
      isIPv6
        ? IPAddress.v6(IPv6Address(high: 0x2001_0DB8_0000_0000, low: last))
        : IPAddress.v4(IPv4Address(192, 0, 2, UInt8(last)))
    }
    let plan = ProbePlan(
      asking: questions, of: Endpoint(address(1), port: 80), from: address(2),
      ports: (0..<UInt16(ProbePlan.portCount(for: questions))).map { 40_000 + $0 },
      chance: SeededGenerator(seed: try choice(upTo: .max)))
    let delay = Nanoseconds.microseconds(Int64(try element(of: [50, 5_000, 40_000, 200_000])))
    let link = ProbedListener.Link(
      delay: delay, jitter: Nanoseconds(try chance(1, in: 2) ? delay.count : 10_000),
      lossOneIn: try element(of: [0, 20, 5, 2]), copyOneIn: try element(of: [0, 20, 5]))
    note("\(questions.map(\.rawValue)), one way \(delay), of \(link.lossOneIn) one is lost")
    return ProbedListener(
      plan: plan, settings: settings, secrets: try secrets(), isPressed: isPressed, link: link,
      from: .zero + .milliseconds(Int64(try choice(upTo: 200_000))))
  }
}
