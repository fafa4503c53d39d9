public import Determinism

/// How long packets took; all nil when none arrived.
public struct DelayFigures: Hashable, Sendable {
  /// Half were no slower.
  public var median: Nanoseconds?
  /// Nine tenths were no slower.
  public var percentile90: Nanoseconds?
  /// 99 of 100 were no slower.
  public var percentile99: Nanoseconds?
  /// The slowest.
  public var most: Nanoseconds?
  /// The mean.
  public var mean: Nanoseconds?
  /// The mean difference, without its sign, of one packet's delay from that of the one delivered
  /// before it; nil for fewer than two packets.
  ///
  /// It is the D of RFC 3550 §6.4.1, averaged over the run where the RFC follows the last few.
  public var jitter: Nanoseconds?

  /// Creates figures of no packets.
  public init() {}

  /// Works out the figures of delays in the order of delivery, in nanoseconds.
  init(of delays: [Int64]) {
    guard !delays.isEmpty else { return }
    let sorted = delays.sorted()
    median = Self.percentile(50, of: sorted)
    percentile90 = Self.percentile(90, of: sorted)
    percentile99 = Self.percentile(99, of: sorted)
    most = sorted.last.map(Nanoseconds.init)
    let sum = delays.reduce(Int128(0)) { $0 + Int128($1) }
    mean = Nanoseconds(Int64(sum / Int128(delays.count)))
    guard delays.count > 1 else { return }
    var changes: Int128 = 0
    for place in 1..<delays.count { changes += Int128(abs(delays[place] - delays[place - 1])) }
    jitter = Nanoseconds(Int64(changes / Int128(delays.count - 1)))
  }

  /// The smallest delay that `percent` of a hundred do not exceed.
  private static func percentile(_ percent: Int, of sorted: [Int64]) -> Nanoseconds {
    Nanoseconds(sorted[max(0, (sorted.count * percent + 99) / 100 - 1)])
  }
}
