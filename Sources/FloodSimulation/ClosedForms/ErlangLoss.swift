/// Erlang's loss formula: how much a pool of fixed size refuses that turns the newest away.
///
///     B = (Aᶜ/c!) / Σ_{k ≤ c} Aᵏ/k!
///
/// for c slots and an offered load of A = λ·E[H] erlangs, when arrivals are a Poisson process. It
/// holds for lives H of any distribution with that mean (A. K. Erlang, 1917; B. A. Sevastyanov,
/// 1957), and for everybody alike: a Poisson arrival finds the pool as it is on average (R. W.
/// Wolff, 1982), whether the arrival is a client's or an attacker's.
public struct ErlangLoss: Hashable, Sendable {
  /// c, from 0 up.
  public let slots: Int
  /// A, in erlangs: the mean number of entries that there would be if there were room for all; at
  /// least 0 and finite.
  public let offeredLoad: Double
  /// B, from 0 to 1: the share of arrivals refused, and of time in which all slots are taken.
  ///
  /// By the recurrence B₀ = 1, B_k = A·B_{k−1} / (k + A·B_{k−1}), all of whose terms are positive, so
  /// that no digits cancel: within 10⁻¹³ of the value up to 4,096 slots. What lies below 10⁻³⁰⁷ comes
  /// out as 0, or with fewer digits.
  public let blocking: Double
  /// 1 − B, the share of arrivals admitted; with all its digits where B is nearly 1.
  public let admitted: Double

  /// Works out the formula, in O(c).
  public init(slots: Int, offeredLoad: Double) {
    self.slots = slots
    self.offeredLoad = offeredLoad
    var blocking = 1.0
    var admitted = 0.0
    for slot in stride(from: 1.0, through: Double(slots), by: 1) where blocking > 0 {
      let refused = offeredLoad * blocking
      blocking = refused / (slot + refused)
      admitted = slot / (slot + refused)
    }
    self.blocking = blocking
    self.admitted = admitted
  }

  /// A(1 − B), the mean number of slots taken; at most c.
  public var carriedLoad: Double { offeredLoad * admitted }
}

extension ErlangLoss {
  /// The pool that shuts out clients who try again: each of their refused SYNs comes back.
  ///
  /// An attempt sends its next SYN only when the last was refused, so it brings Σ_{k < n} Bᵏ SYNs of
  /// n at most, and B is the one number that the load with them gives again. Tries are taken for
  /// independent, as they nearly are a second or more apart.
  ///
  /// - Parameters:
  ///   - slots: c, from 0 up.
  ///   - attackLoad: The load of those who come once, in erlangs.
  ///   - clientLoad: The load of the clients' first SYNs alone, in erlangs.
  ///   - tries: n, the most SYNs of one attempt; at least 1.
  public init(slots: Int, attackLoad: Double, clientLoad: Double, tries: Int) {
    // More blocking gives more load, and that more blocking: from 0 it climbs to the least solution,
    // the one in which a pool that begins empty comes to rest.
    var solution = Self(slots: slots, offeredLoad: attackLoad + clientLoad)
    for _ in 0..<1_000 where clientLoad > 0 && tries > 1 {
      var sent = 1.0
      for _ in 1..<tries { sent = 1 + solution.blocking * sent }
      let next = Self(slots: slots, offeredLoad: attackLoad + clientLoad * sent)
      let isSettled = next.blocking - solution.blocking <= 1e-14 * next.blocking
      solution = next
      if isSettled { break }
    }
    self = solution
  }
}
