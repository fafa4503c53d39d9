/// What share of a link a sender with a window uses, by the formulas of the textbooks.
///
/// a is the time a bit takes one way over the time a packet takes to be sent; acknowledgments take
/// no time to be sent. Derivations: W. Stallings, "Data and Computer Communications", appendix on the
/// performance of link control; what differs from there is said.
public enum LinkUtilisation {
  /// Stop-and-wait: 1/(1 + 2a), and with failures 1/((1 + 2a) + T·P/(1 − P)).
  ///
  /// The usual form (1 − P)/(1 + 2a) is the one for a time-out T of exactly a round trip.
  ///
  /// - Parameters:
  ///   - a: The link's length in packets, at least 0.
  ///   - failure: P, that a packet or its acknowledgment is lost; below 1.
  ///   - timeout: T, in sending times; nil for 1 + 2a, and never less.
  /// - Returns: From 0 to 1.
  public static func stopAndWait(
    a: Double, failure: Double = 0, timeout: Double? = nil
  ) -> Double {
    let cycle = 1 + 2 * a
    return 1 / (cycle + max(cycle, timeout ?? cycle) * failure / (1 - failure))
  }

  /// A window without losses: min(1, W/(1 + 2a)).
  public static func slidingWindow(_ window: Int, a: Double) -> Double {
    min(1, Double(window) / (1 + 2 * a))
  }

  /// Selective repeat: (1 − P)·min(1, W/((1 − P)(1 + 2a) + P·T)).
  ///
  /// The usual form (1 − P)·min(1, W/(1 + 2a)) is the one for a time-out T of a round trip. It counts
  /// the packets under way and takes the receiver to have room for all that come early; a window of
  /// numbers, which one late packet holds up, does worse.
  ///
  /// - Parameters:
  ///   - window: W, the most packets under way.
  ///   - a: The link's length in packets.
  ///   - failure: P, that a packet is lost; below 1.
  ///   - timeout: T, in sending times; nil for 1 + 2a, and never less.
  /// - Returns: From 0 to 1.
  public static func selectiveRepeat(
    _ window: Int, a: Double, failure: Double, timeout: Double? = nil
  ) -> Double {
    let cycle = 1 + 2 * a
    let hold = (1 - failure) * cycle + failure * max(cycle, timeout ?? cycle)
    return (1 - failure) * min(1, Double(window) / hold)
  }

  /// Go-back-N with a time-out of a round trip: (1 − P)/(1 + 2aP) for W ≥ 1 + 2a.
  ///
  /// A smaller window sends in bursts, and each loss begins a new one: with s = (1 − P)ᵂ and on
  /// average n = (1 − P)/P packets between losses that is
  ///
  ///     n / ((1 + 2a)(1 + s/(1 − s)) + n − W·s/(1 − s))
  ///
  /// where the textbooks spread the pauses evenly: W(1 − P)/((1 + 2a)(1 − P + WP)), a little less.
  ///
  /// - Parameters:
  ///   - window: W, at least 1.
  ///   - a: The link's length in packets. A link that is full is busy with a packet when the time-out
  ///     comes, so 1 + 2a counts as the next whole number then.
  ///   - failure: P, that a packet is lost; below 1.
  /// - Returns: From 0 to 1.
  public static func goBackN(_ window: Int, a: Double, failure: Double) -> Double {
    guard failure > 0 else { return slidingWindow(window, a: a) }
    let cycle = 1 + 2 * a
    let between = (1 - failure) / failure
    guard Double(window) < cycle else { return between / (between + cycle.rounded(.up)) }
    var noneLost = 1.0
    for _ in 0..<window { noneLost *= 1 - failure }
    let bursts = noneLost / (1 - noneLost)
    return between / (cycle * (1 + bursts) + between - Double(window) * bursts)
  }
}
