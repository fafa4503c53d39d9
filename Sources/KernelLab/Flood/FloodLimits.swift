public import Determinism

/// What no flood ever exceeds, whatever it is asked for.
public enum FloodLimits {
  /// SYNs a second.
  public static let synsPerSecond = 50_000
  /// How long it lasts.
  public static let duration = Nanoseconds.seconds(200)
  /// Packets in all.
  public static let packets = 2_000_000
  /// Packets between two proofs.
  public static let batch = 256

  /// Refuses what would exceed them.
  ///
  /// - Throws: ``FloodRefusal`` naming the first limit that is in the way.
  public static func check(rate: Double, duration: Nanoseconds) throws(FloodRefusal) {
    guard rate <= Double(synsPerSecond) else { throw .rateTooHigh(rate) }
    guard duration <= Self.duration else { throw .tooLong(seconds: duration.seconds) }
    let count = rate * duration.seconds
    guard count <= Double(packets) else { throw .tooMany(count) }
  }
}
