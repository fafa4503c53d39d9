/// A pool that gives up its oldest entry to a newcomer: who is still there after a while.
///
/// An entry gives way to the B-th SYN after it, so it survives a wait r when fewer than B come in r:
///
///     s = P[Poisson(λr) ≤ B − 1] = Q(B, λr)
///
/// That is exact when all entries that came later are still there, which constant lives see to. The
/// windows of two tries do not overlap, so n tries fail with exactly (1 − s)ⁿ.
public struct OldestDrop: Hashable, Sendable {
  /// B, at least 1.
  public let slots: Int
  /// λ, all SYNs a second, at least 0.
  public let rate: Double

  /// Creates the form for this pool.
  public init(slots: Int, rate: Double) {
    self.slots = slots
    self.rate = rate
  }

  /// s, the share of entries that survive for `seconds`; from 0 to 1, falling steeply where as many
  /// SYNs as there are slots come in that time.
  public func survival(for seconds: Double) -> Double {
    PoissonDistribution(mean: rate * seconds).probability(atMost: slots - 1)
  }

  /// The mean number of slots taken when all lives are `life` seconds long: those who came in the
  /// last `life` seconds, but at most B.
  public func meanOccupancy(life: Double) -> Double {
    PoissonDistribution(mean: rate * life).mean(limitedTo: slots)
  }
}

/// A pool that gives up any of its entries to a newcomer, each as likely: who is still there after
/// a while.
///
/// With f the share of SYNs that find the pool full and push somebody out, each entry is pushed out
/// at the rate λf/B, so
///
///     s = e^(−λfr/B)
///
/// (L. Ricciulli, P. Lincoln and P. Kakkar, "TCP SYN Flooding Defense", 1999, for f = 1). For constant
/// lives f solves x = (λH/B)(1 − e⁻ˣ), f = 1 − e⁻ˣ: as many are pushed out as do not live to their end.
/// That holds for a pool that is full nearly always; where it is not, f is at least the share of time
/// in which a pool that turns the newest away would be full. For exponential lives it is exactly that
/// share: it makes no difference there who of those who have no memory goes.
public struct RandomDrop: Hashable, Sendable {
  /// SYNs that come at a rate and would stay for a time.
  public struct Flow: Hashable, Sendable {
    /// A second, at least 0.
    public var rate: Double
    /// In seconds, at least 0; the mean where lives have no memory.
    public var life: Double

    /// Creates a flow.
    public init(rate: Double, life: Double) {
      self.rate = rate
      self.life = life
    }
  }

  /// B, at least 1.
  public let slots: Int
  /// λ, all SYNs a second.
  public let rate: Double
  /// f, from 0 to 1.
  public let evictingShare: Double

  /// Works out f, in O(B).
  ///
  /// - Parameters:
  ///   - slots: B, at least 1.
  ///   - flows: Everybody who comes; each flow's lives are constant, or all lives without memory.
  ///   - livesHaveNoMemory: Whether lives are exponential.
  public init(slots: Int, flows: [Flow], livesHaveNoMemory: Bool = false) {
    self.slots = slots
    let total = flows.reduce(0) { $0 + $1.rate }
    rate = total
    let load = flows.reduce(0) { $0 + $1.rate * $1.life }
    let full = ErlangLoss(slots: slots, offeredLoad: load).blocking
    guard !livesHaveNoMemory, total > 0 else {
      evictingShare = full
      return
    }
    // Pushed out minus coming to their end, over f: positive below the solution, negative above it.
    var below = 0.0
    var above = 1.0
    for _ in 0..<60 {
      let share = (below + above) / 2
      let hazard = total * share / Double(slots)
      let pushedOut = flows.reduce(0) {
        $0 - $1.rate * ElementaryFunctions.exponentialMinusOne(-hazard * $1.life)
      }
      if pushedOut > share * total { below = share } else { above = share }
    }
    evictingShare = max((below + above) / 2, full)
  }

  /// s, the share of entries that survive for `seconds`, from 0 to 1.
  public func survival(for seconds: Double) -> Double {
    ElementaryFunctions.exponential(-rate * evictingShare * seconds / Double(slots))
  }
}
