/// What a closed form says a figure of a run comes to, or why none says anything.
public enum ExpectedFigure: Hashable, Sendable {
  /// The value, for a run that has settled and goes on for ever, and the form that gives it.
  case value(Double, by: ClosedForm)
  /// No form applies.
  case none(NoClosedForm)

  /// The value, where there is one.
  public var value: Double? {
    switch self {
    case .value(let value, _): value
    case .none: nil
    }
  }
}

/// A closed form of this target, by the name that results call it.
public enum ClosedForm: String, Hashable, Sendable, CaseIterable {
  /// ``ErlangLoss/blocking``.
  case erlangB = "erlang-b"
  /// ``ErlangLoss/carriedLoad``.
  case carriedLoad = "carried-load"
  /// ``ErlangLoss`` with the load of clients who try again, and 1 − Bⁿ for n tries.
  ///
  /// Nearly right, not exactly: a try meets a pool that is a little likelier to be full for having
  /// been full before.
  case erlangBRetried = "erlang-b-retried"
  /// The load that ``erlangBRetried`` carries; nearly right like it.
  case carriedLoadRetried = "carried-load-retried"
  /// ``OldestDrop``, over all tries.
  case oldestDrop = "oldest-drop"
  /// ``RandomDrop``, over all tries.
  ///
  /// Nearly right where the pool is not always full and clients are many: it is a little fuller
  /// while a client is in it.
  case randomDrop = "random-drop"
  /// Everything is answered.
  case nobodyRefused = "nobody-refused"
  /// Nobody is lost but those whose segments the link loses.
  case cookies = "cookies"
  /// There is no pool.
  case nothingStored = "nothing-stored"
}

/// Why no closed form applies to a figure.
public enum NoClosedForm: String, Hashable, Sendable, CaseIterable {
  /// There are no attack SYNs of which a share could be refused.
  case noAttack = "no-attack-syns"
  /// There are no clients.
  case noClients = "no-clients"
  /// The forms take attack SYNs for a Poisson process.
  case clockwork = "attack-not-poisson"
  /// What a single address may hold has no form.
  case sourceLimit = "per-source-limit"
  /// Lost segments change how long clients' entries live.
  case loss = "loss"
  /// RSTs change how long entries live, and who is the oldest.
  case livingHosts = "attack-hosts-answer"
  /// The form is for lives of one length.
  case varyingLives = "lives-vary"
  /// A round trip is so long that segments are sent again before they are answered.
  case longRoundTrips = "long-round-trips"
  /// The application may leave connections waiting.
  case slowAccept = "accept-rate"
  /// How many are frequent visitors changes all the time.
  case visitors = "visitors-come-and-go"
  /// A hybrid's pool that evicts, or whose entries end early, may fail a visitor.
  case visitorsEvicted = "visitors-may-be-evicted"
  /// Clients' entries leave earlier than the attack's, and the form knows one length of life.
  case mixedLives = "clients-leave-early"
  /// Real stacks let entries age and keep slots back in ways that no form knows.
  case stackRules = "stack-rules"
  /// Nobody has found one.
  case unknown = "none-known"
}
