/// How fast TCP's congestion window lets a sender be on a path that loses packets now and then.
///
/// Source: M. Mathis, J. Semke, J. Mahdavi and T. Ott, "The Macroscopic Behavior of the TCP
/// Congestion Avoidance Algorithm", ACM Computer Communication Review 27(3), 1997. It holds where
/// losses are rare enough to be told by three duplicates and not by time-outs, and frequent enough for
/// the path's rate and the receiver's window not to count: p from about 10⁻⁵ to 10⁻².
public enum CongestionForms {
  /// √(3/2), for one loss every 1/p packets, each packet acknowledged.
  public static let periodicConstant = 1.224_744_871_391_589

  /// 1.309, for losses that are independent of each other.
  ///
  /// Source: T. Ott, J. Kemperman and M. Mathis, "The Stationary Behavior of Ideal TCP Congestion
  /// Avoidance", 1996.
  public static let randomConstant = 1.309

  /// C/(R·√p), in packets a second.
  ///
  /// - Parameters:
  ///   - roundTrip: R, in seconds, above 0.
  ///   - loss: p, above 0.
  ///   - constant: C, such as ``randomConstant``.
  /// - Returns: Above 0.
  public static func rate(roundTrip: Double, loss: Double, constant: Double) -> Double {
    constant / (roundTrip * loss.squareRoot())
  }
}
