import Annotation
public import Determinism
import Wire

/// Whether somebody listens at the port.
public struct PortFinding: Hashable, Sendable {
  /// What the answers say.
  public var state: State
  /// The probability that this is wrong, from 10⁻⁶ up.
  public var errorProbability: Double
  /// The round trips of the SYNs that can be told apart, in order.
  public var roundTripTimes: [Nanoseconds]
  /// How many SYNs were sent, repetitions counted.
  public var synsSent: Int

  /// What can be said of a port.
  public enum State: Hashable, Sendable {
    /// A SYN was answered with a SYN-ACK.
    case open
    /// The first SYN was answered with a RST, of this shape.
    case closed(shape: String)
    /// An ICMP error came back, in these words, from this host.
    case filtered(String)
    /// Nothing came back: a filter, a listener that drops SYNs, or nobody there.
    case silent
    /// No SYN was sent, or only such as others had spoiled were answered.
    case cannotTell
  }

  /// Judges all that was seen.
  init(_ exchanges: [ProbeExchange]) {
    synsSent = exchanges.reduce(0) { $0 + $1.transmissions.count }
    roundTripTimes = exchanges.compactMap(\.roundTripTime)
    errorProbability = CookieFinding.smallestError
    if exchanges.contains(where: { $0.synAck != nil }) {
      state = .open
    } else if let reset = exchanges.first(where: \.isFirstOfItsName)?.resets.first {
      state = .closed(shape: Self.shape(of: reset))
    } else if let error = exchanges.compactMap(\.error).first {
      state = .filtered(error.text + (error.reporter.map { ", says \($0)" } ?? ""))
    } else if exchanges.contains(where: { !$0.resets.isEmpty || !$0.acknowledgments.isEmpty })
      || synsSent == 0
    {
      state = .cannotTell
      errorProbability = 1
    } else {
      state = .silent
      // A loss of one in a hundred, judged, has to have struck each time.
      errorProbability = max(
        CookieFinding.smallestError,
        (0..<min(synsSent, 3)).reduce(1.0) { product, _ in product / 100 })
    }
  }

  /// The shape that RFC 9293 §3.10.7.1 gives a RST to a SYN, or how it differs.
  private static func shape(of reset: ObservedSegment) -> String {
    let isUsual = reset.flags == [.rst, .ack] && reset.sequence.rawValue == 0
    let shape =
      isUsual
      ? "RST,ACK with number 0, as RFC 9293 asks"
      : "\(reset.flags) with number \(reset.sequence.rawValue)"
    return shape + ", window \(reset.window), TTL \(reset.hopLimit)"
  }

  /// The shortest round trip.
  public var shortestRoundTrip: Nanoseconds? { roundTripTimes.min() }
}

extension PortFinding: CustomStringConvertible {
  /// One sentence for a person.
  public var description: String {
    switch state {
    case .open:
      let times = shortestRoundTrip.map { least in
        let most = roundTripTimes.max() ?? least
        return "; round trip \(least.inWords)"
          + (most > least ? " to \(most.inWords), \(roundTripTimes.count) measured" : "")
      }
      return "open" + (times ?? "")
    case .closed(let shape): return "closed: \(shape)"
    case .filtered(let error): return "filtered: \(error)"
    case .silent:
      return "no answer to \(synsSent) SYN\(synsSent == 1 ? "" : "s"): a filter, a listener that "
        + "drops SYNs, or nobody; loss alone would do it \(errorProbability.asOneIn)"
    case .cannotTell: return "cannot tell"
    }
  }
}
