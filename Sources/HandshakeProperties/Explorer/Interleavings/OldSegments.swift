import Handshake
import Wire

/// What an earlier incarnation of a connection may have left in the network: one of each kind, to
/// each end that would have got it.
struct OldSegments {
  let tuple: FourTuple
  let numbers: NumberPair
  let opening: InterleavingScenario.Opening

  /// The segments, those to the server first.
  var all: [Segment] {
    switch opening {
    case .passive:
      toServer(.syn) + toServer(.ack) + toServer(.rst) + toClient([.syn, .ack]) + toClient(.ack)
        + toClient(.rst)
    case .simultaneous:
      toServer(.syn) + toServer([.syn, .ack]) + toServer(.rst) + toClient(.syn)
        + toClient([.syn, .ack]) + toClient(.rst)
    }
  }

  private func toServer(_ flags: TCPFlags) -> [Segment] {
    [old(flags, from: tuple.local, numbers.client, to: tuple.peer, numbers.server)]
  }

  private func toClient(_ flags: TCPFlags) -> [Segment] {
    [old(flags, from: tuple.peer, numbers.server, to: tuple.local, numbers.client)]
  }

  private func old(
    _ flags: TCPFlags, from source: Endpoint, _ sent: SequenceNumber, to destination: Endpoint,
    _ received: SequenceNumber
  ) -> Segment {
    Segment(
      from: source, to: destination, flags, sequence: flags.contains(.syn) ? sent : sent + 1,
      acknowledgment: flags.contains(.ack) ? received + 1 : SequenceNumber(0),
      window: UInt16(clamping: StackSettings().receiveWindow))
  }
}
