import Annotation
import Determinism
import Wire

/// A SYN-ACK as one draw from a listener's source of numbers, with all that the draw may depend on.
struct ProbedNumber: Hashable, Sendable {
  /// The prober's end.
  var client: Endpoint
  /// The listener's end.
  var server: Endpoint
  /// Between these two instants the number was drawn: the SYN's sending, the SYN-ACK's coming.
  var drawn: ClosedRange<Instant>
  /// What SYN and SYN-ACK say.
  var answer: AnsweredSyn
  /// The SYN-ACK's window.
  var window: UInt16

  /// Takes a SYN and the first SYN-ACK to it; nil when there is none.
  init?(_ exchange: ProbeExchange) {
    guard let synAck = exchange.synAck else { return nil }
    let syn = exchange.syn
    let sent = exchange.transmissions.first ?? syn.time
    client = syn.source
    server = syn.destination
    drawn = min(sent, synAck.time)...max(sent, synAck.time)
    answer = AnsweredSyn(
      syn: syn.options, synFlags: syn.flags, clientNumber: syn.sequence, synAck: synAck.options,
      synAckFlags: synAck.flags, serverNumber: synAck.sequence)
    window = synAck.window
  }

  /// How long after `earlier` it was drawn, at least and at most.
  func wait(since earlier: Self) -> ClosedRange<Nanoseconds> {
    let least = drawn.lowerBound - earlier.drawn.upperBound
    let most = drawn.upperBound - earlier.drawn.lowerBound
    return min(least, most)...max(least, most)
  }

  /// By how much the listener's number is ahead of `earlier`'s.
  func step(since earlier: Self) -> UInt32 {
    earlier.answer.serverNumber.distance(to: answer.serverNumber)
  }

  /// The same once the prober's own numbers are taken off, as a scheme adds them.
  func stepOfSum(since earlier: Self) -> UInt32 {
    step(since: earlier) &- earlier.answer.clientNumber.distance(to: answer.clientNumber)
  }

  /// Whether the listener is reached over IPv6.
  var isIPv6: Bool {
    switch server.address {
    case .v4: false
    case .v6: true
    }
  }
}
