/// Whom a router's queue turns away.
public enum QueueDiscipline: Hashable, Sendable {
  /// Whoever comes when it is full.
  case tailDrop
  /// When it is full, one of all that wait and the newcomer, each as likely.
  case randomDrop
  /// Newcomers at random before it is full, the likelier the longer it has been on average.
  case randomEarlyDetection(EarlyDetection)
}

/// The numbers of random early detection.
///
/// Source: S. Floyd and V. Jacobson, "Random Early Detection Gateways for Congestion Avoidance",
/// IEEE/ACM Transactions on Networking 1(4), 1993.
public struct EarlyDetection: Hashable, Sendable {
  /// The average, in packets, below which nobody is turned away.
  public var least: Double
  /// The average, in packets, from which everybody is.
  public var most: Double
  /// The probability just below ``most``, from 0 to 1.
  public var peak: Double
  /// What one look at the queue weighs in the average, from 0 to 1; 0.002 in the paper.
  public var weight: Double

  /// Creates the numbers; by default those of the paper.
  public init(
    least: Double = 5, most: Double = 15, peak: Double = 0.02, weight: Double = 0.002
  ) {
    self.least = least
    self.most = most
    self.peak = peak
    self.weight = weight
  }

  /// Numbers in proportion to a queue: from a sixth of it to a half, as far apart as the paper asks.
  public static func scaled(to capacity: Int) -> Self {
    Self(least: max(1, Double(capacity) / 6), most: max(3, Double(capacity) / 2), peak: 0.1)
  }
}
