import Annotation
import Determinism
import SynCookies
import Wire

/// A simulated listener as an observer beside it sees it.
struct SimulatedServer {
  /// How it answers SYNs.
  enum Kind: CaseIterable {
    case plain, plainReadableClock, coarseClock, neverRepeats, oldClients
    case linux, linuxReadable, freeBSD, pf, gVisor
  }

  let kind: Kind
  /// The share of answers that are cookies, where any are.
  var share = 1.0
  /// The share of lags that a queue between clock and wire has disturbed.
  var disturbed = 1.0 / 42
  private var cookies: ListenerCookies
  private var chance: SeededGenerator
  private var now = Instant.zero

  init(_ kind: Kind, seed: UInt64, share: Double = 1) {
    self.kind = kind
    self.share = share
    chance = SeededGenerator(seed: seed)
    let secret = SipKey(low: chance.next(), high: chance.next())
    cookies = ListenerCookies(kind.scheme ?? .linux, secret: secret)
    now = .zero + .seconds(Int64(chance.number(below: 1_000_000)))
  }

  /// Lets `count` clients call, and tells `evidence` what an observer sees of it.
  mutating func answer(_ count: Int, into evidence: inout CookieEvidence) {
    for _ in 0..<count {
      now = now + Nanoseconds(Int64(chance.number(below: 2_000_000_000)))
      let isCookie = kind.scheme != nil && chance.chance(share)
      let (syn, flags) = syn()
      let client = SequenceNumber(UInt32(truncatingIfNeeded: chance.next()))
      let made = isCookie ? cookies.make(for: request(syn, flags, client), at: now) : nil
      let offset = hasReadableClock ? 0 : UInt32(truncatingIfNeeded: chance.next())
      let value = (made?.timestampValue ?? clock(at: now)) &+ offset
      let server =
        made?.sequence ?? SequenceNumber(UInt32(truncatingIfNeeded: chance.next()))
      let synAck = answer(syn, kept: made?.kept, timestamp: value)
      evidence.note(
        AnsweredSyn(
          syn: syn, synFlags: flags, clientNumber: client, synAck: synAck,
          synAckFlags: [.syn, .ack], serverNumber: server))
      if chance.chance(0.05) {
        evidence.noteUnanswered(repeated: !isCookie && kind != .neverRepeats && chance.chance(0.95))
      } else if synAck.timestamps != nil {
        noteLag(value, offset, into: &evidence)
      }
    }
  }

  private mutating func noteLag(
    _ value: UInt32, _ offset: UInt32, into evidence: inout CookieEvidence
  ) {
    let wait = Nanoseconds(Int64(chance.number(below: 300_000_000)) + 50_000)
    let later = clock(at: now + wait) &+ offset
    var seen = (now + .microseconds(20), now + wait + .microseconds(20))
    if chance.chance(disturbed) {
      let queue = ExponentialSampler.draw(meanNanoseconds: 12e6, using: &chance)
      if chance.chance(0.5) { seen.0 = seen.0 + queue } else { seen.1 = seen.1 + queue }
    }
    if let lag = TimestampLag(synAck: (value, seen.0), next: (later, seen.1)) {
      evidence.note(lag)
    }
  }

  private func clock(at time: Instant) -> UInt32 {
    let milliseconds = time.nanoseconds / 1_000_000
    return UInt32(
      truncatingIfNeeded: kind == .coarseClock ? milliseconds / 10 * 10 : milliseconds)
  }

  private var hasReadableClock: Bool {
    switch kind {
    case .linuxReadable, .plainReadableClock: true
    case .plain, .coarseClock, .neverRepeats, .oldClients, .linux, .freeBSD, .pf, .gVisor: false
    }
  }

  private mutating func syn() -> (TCPOptions, TCPFlags) {
    let hasTimestamps = chance.chance(kind == .oldClients ? 0.3 : 0.8)
    let sizes: [UInt16] = [1_460, 1_460, 1_460, 1_452, 1_400, 1_380, 1_360, 1_300, 536]
    let options = TCPOptions(
      maximumSegmentSize: sizes[Int(chance.number(below: UInt64(sizes.count)))],
      windowScale: chance.chance(0.9) ? UInt8(chance.number(below: 15)) : nil,
      sackPermitted: chance.chance(0.95),
      timestamps: hasTimestamps
        ? TCPTimestamps(value: UInt32(truncatingIfNeeded: chance.next()), echoReply: 0) : nil)
    return (options, chance.chance(0.2) ? [.syn, .ece, .cwr] : [.syn])
  }

  private mutating func request(
    _ syn: TCPOptions, _ flags: TCPFlags, _ number: SequenceNumber
  ) -> CookieRequest {
    CookieRequest(
      tuple: FourTuple(
        local: Endpoint(.v4(IPv4Address(198, 18, 0, 1)), port: 80),
        peer: Endpoint(
          .v4(IPv4Address(rawValue: 0xC612_0000 | UInt32(chance.number(below: 65_536)))),
          port: UInt16(chance.number(below: 65_536)))),
      initialSequence: number, options: syn, offersEcn: flags.contains(.ece))
  }

  private func answer(
    _ syn: TCPOptions, kept: KeptOptions?, timestamp: UInt32
  ) -> TCPOptions {
    let kept = kept ?? KeptOptions(windowScale: true, sack: true, timestamps: true)
    let announces = kept.windowScale && cookies.announcesWindowScale
    return TCPOptions(
      maximumSegmentSize: 1_460,
      windowScale: announces && syn.windowScale != nil ? 7 : nil,
      sackPermitted: kept.sack && syn.sackPermitted,
      timestamps: kept.timestamps
        ? syn.timestamps.map { TCPTimestamps(value: timestamp, echoReply: $0.value) } : nil)
  }
}

extension SimulatedServer.Kind {
  var scheme: CookieSchemeName? {
    switch self {
    case .plain, .plainReadableClock, .coarseClock, .neverRepeats, .oldClients: nil
    case .linux, .linuxReadable: .linux
    case .freeBSD: .freebsd
    case .pf: .pf
    case .gVisor: .gvisor
    }
  }
}
