public import Determinism

/// One experiment: a sender, the path to a receiver, and the way back.
///
/// Equal scenarios give equal reports, byte for byte, on any machine. Scenarios that differ only in
/// their control meet the same arrivals.
public struct FlowScenario: Hashable, Sendable {
  /// For how long it runs.
  public var duration = Nanoseconds.seconds(60)
  /// The seed of every random choice.
  public var seed: UInt64 = 1
  /// How the sender holds itself back.
  public var control: SendingControl
  /// What the application hands over.
  public var source = FlowSource.saturated
  /// A packet's length with all its headers, or its mean: octets, at least 1.
  public var packetOctets = 1_000
  /// How lengths are spread around it.
  public var lengths = LengthLaw.fixed
  /// What lies between.
  public var path = FlowPath()
  /// When the receiver acknowledges.
  public var acknowledgments = AcknowledgmentPolicy.atOnce
  /// Packets a second that the receiving end sends of its own, like clockwork, and that take along
  /// the acknowledgment that has been put off.
  public var reverseRate = 0.0

  /// Creates the scenario of the defaults under a control.
  public init(control: SendingControl) {
    self.control = control
  }
}

/// What the application hands to the sender.
public enum FlowSource: Hashable, Sendable {
  /// Always more than the sender may send.
  case saturated
  /// So many packets a second, each independent of all others.
  case poisson(rate: Double)
  /// So many packets a second, like clockwork.
  case constant(rate: Double)

  /// Packets a second; nil when there is always more than enough.
  public var rate: Double? {
    switch self {
    case .saturated: nil
    case .poisson(let rate), .constant(let rate): rate
    }
  }
}

/// How the lengths of packets are spread.
public enum LengthLaw: String, Hashable, Sendable, CaseIterable {
  /// All are equal.
  case fixed
  /// Exponentially around the mean, each rounded to at least one octet; a repeated packet is drawn
  /// anew.
  case exponential
}
