public import Determinism

/// How far away hosts are: a floor, and an exponential tail that is cut off.
public struct RoundTripTimes: Hashable, Sendable {
  /// The shortest round trip.
  public var least = Nanoseconds.milliseconds(10)
  /// The mean before the tail is cut off; at least ``least``.
  public var mean = Nanoseconds.milliseconds(80)
  /// The longest; what the tail draws beyond it is drawn again.
  public var most = Nanoseconds.milliseconds(900)

  /// Creates the defaults, all below the second that a salted cookie surely lives.
  public init() {}

  /// Draws a round trip from ``least`` to ``most``.
  func draw(using chance: inout SeededGenerator) -> Nanoseconds {
    // Where the cut lies far below the mean hardly any draw would do.
    for _ in 0..<100 {
      let tail = ExponentialSampler.draw(
        meanNanoseconds: Double((mean - least).count), using: &chance)
      if least + tail <= most { return least + tail }
    }
    return most
  }
}
