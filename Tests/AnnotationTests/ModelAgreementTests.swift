import Annotation
import CaptureFiles
import Determinism
import Handshake
import SynCookies
import TestSupport
import Testing
import Wire

/// Two ends of the model talk over a wire that loses nothing, and somebody listens in: what he says
/// of both must be what they are.
@Suite("The observer agrees with the model that it watches")
struct ModelAgreementTests {
  /// What was on the wire, with both ends' states once it had arrived.
  private struct Watched {
    var packets: [CapturedPacket] = []
    /// Nil while something is on its way that nobody has captured yet.
    var states: [(client: TCPState, server: TCPState)?] = []
  }

  private static let client = Endpoint(.v4(IPv4Address(192, 0, 2, 1)), port: 40_000)
  private static let server = Endpoint(.v4(IPv4Address(198, 51, 100, 2)), port: 80)

  /// Lets two connections that open at once, or one after the other, exchange data and close.
  private static func talk(seed: UInt64) -> Watched {
    var chance = SeededGenerator(seed: seed, stream: "talk")
    var watched = Watched()
    var now = Instant(nanoseconds: 1_700_000_000_000_000_000)
    let settings = StackSettings()
    let numbers = SequenceNumberSource(secret: SipKey(low: seed, high: ~seed))
    var wire: [Segment] = []
    var first = Connection(
      opening: FourTuple(local: client, peer: server), numbers: numbers, settings: settings,
      at: now, into: &wire)
    var second = Connection(
      opening: FourTuple(local: server, peer: client), numbers: numbers, settings: settings,
      at: now, into: &wire)
    var steps = 0
    while steps < 200 {
      steps += 1
      now = now + .milliseconds(1)
      if wire.isEmpty {
        guard !first.isOver || !second.isOver else { break }
        act(&first, &chance, now, &wire)
        act(&second, &chance, now, &wire)
        continue
      }
      let segment = wire.removeFirst()
      watched.packets.append(
        CapturedPacket(
          time: now, bytes: (try? segment.packet()) ?? [], linkType: LinkType.raw.rawValue))
      if segment.destination == server {
        second.receive(segment, at: now, into: &wire)
      } else {
        first.receive(segment, at: now, into: &wire)
      }
      watched.states.append(wire.isEmpty ? (first.state, second.state) : nil)
    }
    return watched
  }

  private static func act(
    _ end: inout Connection, _ chance: inout SeededGenerator, _ now: Instant,
    _ wire: inout [Segment]
  ) {
    guard end.state.isSynchronized else { return }
    if chance.chance(0.4) {
      end.close(at: now, into: &wire)
    } else {
      end.send(
        [UInt8](repeating: 7, count: 1 + Int(chance.number(below: 900))), at: now, into: &wire)
    }
  }

  @Test("after a simultaneous open, data and both FINs", arguments: Seeds.sweep(40))
  func simultaneous(seed: UInt64) {
    let watched = Self.talk(seed: seed)
    let capture = AnnotatedCapture(annotating: watched.packets)
    #expect(capture.verdicts == [.simultaneousOpen])
    #expect(watched.states.contains { $0 != nil })
    for (packet, state) in zip(capture.packets, watched.states) {
      guard let state else { continue }
      #expect(packet.client.after == state.client, "frame \(packet.segment.frame), seed \(seed)")
      #expect(packet.server.after == state.server, "frame \(packet.segment.frame), seed \(seed)")
    }
  }
}

extension Connection {
  /// Whether it has nothing more to say.
  fileprivate var isOver: Bool {
    switch state {
    case .closed, .timeWait: true
    case .listen, .synSent, .synReceived, .established, .finWait1, .finWait2, .closeWait,
      .closing, .lastAck:
      false
    }
  }
}
