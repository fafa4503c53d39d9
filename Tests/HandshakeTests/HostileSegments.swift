import Determinism
import Handshake
import Wire

/// Segments as an enemy writes them: anything at all, the edges of every field more often than not,
/// and numbers near those that the other end goes by.
struct HostileSegments {
  var chance: SeededGenerator

  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[Int(chance.number(below: UInt64(elements.count)))]
  }

  /// A segment to the other end of `tuple`, whose name it has as the sender.
  ///
  /// - Parameters:
  ///   - tuple: The connection, the receiver first.
  ///   - sequence: What the receiver expects.
  ///   - acknowledgment: What the receiver has sent.
  /// - Returns: The segment.
  mutating func segment(
    on tuple: FourTuple, near sequence: SequenceNumber, acknowledging acknowledgment: SequenceNumber
  ) -> Segment {
    let usual: [TCPFlags] = [.ack, .syn, [.syn, .ack], [.fin, .ack], .rst, [.rst, .ack]]
    let flags =
      chance.chance(0.8) ? pick(usual) : TCPFlags(rawValue: UInt8(chance.number(below: 256)))
    return Segment(
      from: tuple.peer, to: tuple.local, flags, sequence: number(near: sequence),
      acknowledgment: number(near: acknowledgment), window: pick([0, 1, 64, 0x7FFF, .max]),
      options: options(),
      payload: [UInt8](repeating: 7, count: pick([0, 0, 0, 1, 2, 1_460, 70_000])))
  }

  /// What a well-behaved peer of `connection` might send next: its part of the handshake, an ACK of
  /// everything, or its FIN.
  mutating func honest(to connection: Connection) -> Segment {
    let flags: TCPFlags =
      switch connection.state {
      case .synSent: pick([[.syn, .ack], [.syn, .ack], .syn])
      case .closed, .listen, .synReceived, .established, .finWait1, .finWait2, .closeWait,
        .closing, .lastAck, .timeWait:
        pick([.ack, [.fin, .ack]])
      }
    let acknowledgment = chance.chance(0.7) ? connection.sendNext : connection.sendUnacknowledged
    return Segment(
      from: connection.tuple.peer, to: connection.tuple.local, flags,
      sequence: connection.receiveNext, acknowledgment: acknowledgment, window: 65_535)
  }

  private mutating func number(near base: SequenceNumber) -> SequenceNumber {
    guard chance.chance(0.9) else { return SequenceNumber(UInt32(chance.number(below: 1 << 32))) }
    let steps: [UInt32] = [
      0, 0, 0, 0, 1, 2, .max, .max - 1, 64_255, 64_256, 64_257, 0x7FFF_FFFF, 1 << 31, 1 << 30,
    ]
    return base + pick(steps)
  }

  private mutating func options() -> TCPOptions {
    guard chance.chance(0.5) else { return .none }
    return TCPOptions(
      maximumSegmentSize: pick([nil, 0, 1, 47, 48, 536, .max]),
      windowScale: pick([nil, 0, 7, 14, 15, .max]), sackPermitted: chance.chance(0.5),
      timestamps: pick([nil, TCPTimestamps(value: .max, echoReply: 0)])
        ?? TCPTimestamps(value: UInt32(chance.number(below: 1 << 32)), echoReply: .max),
      others: pick([[], [.unknown(kind: 255, octets: [UInt8](repeating: 0, count: 38))]]))
  }

  /// What a host offers, extremes among it.
  mutating func stack() -> StackSettings {
    var stack = StackSettings()
    stack.maximumSegmentSize = pick([nil, 0, 1, .max])
    stack.windowScale = pick([nil, 0, 7, 14, 255])
    stack.offersSack = chance.chance(0.5)
    stack.offersTimestamps = chance.chance(0.5)
    stack.receiveWindow = pick([0, 1, 64_256, 65_536, .max])
    let schedule = RetransmissionSchedule(
      initialTimeout: pick([Nanoseconds(1), .seconds(1), .max]), retries: pick([0, 1, 5, 70]))
    stack.synSchedule = pick([.linuxSyn, schedule])
    stack.synAckSchedule = pick([.synAck, schedule])
    stack.dataSchedule = pick([.data, schedule])
    stack.timeWait = pick([.zero, .seconds(60), .max])
    return stack
  }

  /// A step of time, sometimes to the next deadline, sometimes beyond the end of all.
  mutating func instant(after now: Instant, deadline: Instant?) -> Instant {
    let steps: [Nanoseconds] = [.zero, .zero, Nanoseconds(1), .milliseconds(20), .seconds(2), .max]
    let later = now + (chance.chance(0.02) ? .max : pick(Array(steps.dropLast())))
    return chance.chance(0.3) ? max(now, deadline ?? now) : later
  }
}
