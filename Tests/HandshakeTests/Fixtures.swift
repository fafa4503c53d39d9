import Determinism
import Handshake
import SynCookies
import Wire

/// Peers and keys that the handshake's tests share.
enum Fixtures {
  static let server = Endpoint(.v4(IPv4Address(198, 51, 100, 2)), port: 80)

  static func client(_ number: Int) -> Endpoint {
    Endpoint(
      .v4(IPv4Address(rawValue: 0xC612_0000 + UInt32(number / 50_000))),
      port: UInt16(10_000 + number % 50_000))
  }

  static let numbers = SequenceNumberSource(secret: SipKey(low: 7, high: 11))

  static func listener(
    _ mitigation: Mitigation, backlog: Int = 4,
    _ change: (inout ListenerSettings) -> Void = { _ in }
  ) -> Listener {
    var settings = ListenerSettings(mitigation: mitigation, backlog: backlog)
    change(&settings)
    var entropy = SeededGenerator(seed: 99)
    return Listener(
      at: server, settings: settings, secrets: ListenerSecrets(from: &entropy),
      chance: SeededGenerator(seed: 100))
  }

  static func syn(from client: Endpoint, sequence: UInt32 = 1_000) -> Segment {
    Segment(
      from: client, to: server, .syn, sequence: SequenceNumber(sequence), window: 64_240,
      options: TCPOptions(
        maximumSegmentSize: 1_460, windowScale: 7, sackPermitted: true,
        timestamps: TCPTimestamps(value: 55, echoReply: 0)))
  }

  /// The ACK that completes the handshake of `synAck`.
  static func acknowledgment(of synAck: Segment) -> Segment {
    Segment(
      from: synAck.destination, to: synAck.source, .ack, sequence: synAck.acknowledgment,
      acknowledgment: synAck.sequence + 1, window: 502)
  }
}

extension Instant {
  static func seconds(_ count: Int64) -> Self { .zero + .seconds(count) }
  static func milliseconds(_ count: Int64) -> Self { .zero + .milliseconds(count) }
}

extension Listener {
  /// Receives one segment and gives back the verdict and what it provoked.
  mutating func answer(
    _ segment: Segment, at now: Instant
  ) -> (verdict: ListenerVerdict, sent: [Segment]) {
    var sent: [Segment] = []
    let verdict = receive(segment, at: now, into: &sent)
    return (verdict, sent)
  }

  /// Lets time pass and gives back what that provoked.
  mutating func wait(until now: Instant) -> [Segment] {
    var sent: [Segment] = []
    advance(to: now, into: &sent)
    return sent
  }
}
