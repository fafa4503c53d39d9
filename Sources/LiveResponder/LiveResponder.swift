public import Determinism
public import FlowControl
internal import Handshake
public import LinuxPacketIO
public import Wire

/// The loop that lets a pure host answer real packets: the listener's driver on a live wire.
///
/// The device brings packets, the monotonic clock the time; what the host sends goes out at once.
public struct LiveResponder: ~Copyable {
  /// Why the loop ended.
  public enum Ending: Hashable, Sendable {
    /// The asked time is over.
    case duration
    /// Somebody asked for it.
    case signal(SignalWatch.Request)
  }

  /// The loop comes round this often, whatever happens.
  private static let tick = Nanoseconds.milliseconds(250)

  /// The host that answers.
  public private(set) var host: RespondingHost

  /// Whether the first pure ACK of each client gets lost.
  public var losesFirstAcknowledgments = false

  private let device: any PacketDevice
  private let linkType: LinkType
  private var ethernet: EthernetSide?
  private var inbound: ImpairedWay?
  private var outbound: ImpairedWay?
  private var firstAcknowledgments = FirstAcknowledgments()
  private var decoder = FrameDecoder()
  private var now = MonotonicClock.now
  private var segments: [Segment] = []
  private var outgoing: [UInt8] = []

  /// Prepares the loop.
  ///
  /// - Parameters:
  ///   - host: Who answers.
  ///   - device: Where packets come from and go to.
  ///   - hardware: The host's address on an Ethernet; without meaning on other devices.
  public init(
    _ host: consuming RespondingHost, on device: any PacketDevice, at hardware: MACAddress? = nil
  ) {
    self.host = host
    self.device = device
    linkType = LinkType(rawValue: device.linkType)
    ethernet = hardware.map { EthernetSide(hardware: $0) }
  }

  /// Puts a bad path, the same both ways, between the device and the host.
  ///
  /// - Parameters:
  ///   - impairment: What it does to packets.
  ///   - seed: Equal seeds do the same to the same packets.
  public mutating func impair(_ impairment: Impairment, seed: UInt64) {
    guard !impairment.isNothing else { return }
    inbound = ImpairedWay(impairment, chance: SeededGenerator(seed: seed, stream: "inbound"))
    outbound = ImpairedWay(impairment, chance: SeededGenerator(seed: seed, stream: "outbound"))
  }

  /// What the bad path has done to packets that came in and that went out; nil without one.
  public var impairments: (inbound: ImpairmentCounters, outbound: ImpairmentCounters)? {
    inbound.flatMap { inbound in outbound.map { (inbound.counters, $0.counters) } }
  }

  /// How many first ACKs got lost.
  public var firstAcknowledgmentsLost: Int { firstAcknowledgments.lost }

  /// How many packets were lost because this loop did not keep up; nil when the kernel does not
  /// tell.
  public var missed: UInt64? { device.missed }

  /// Answers until the time is over or a signal comes.
  ///
  /// - Parameters:
  ///   - length: For how long; nil for ever.
  ///   - signals: What may end it earlier.
  ///   - onTick: Is called some times a second with the host as it stands.
  /// - Returns: Why it ended.
  /// - Throws: ``SystemCallError`` when the device is gone.
  public mutating func run(
    for length: Nanoseconds?, until signals: SignalWatch,
    onTick: (borrowing RespondingHost) -> Void = { _ in }
  ) throws(SystemCallError) -> Ending {
    let end = length.map { MonotonicClock.now + $0 } ?? .distantFuture
    let descriptors = [device.descriptor, signals.descriptor]
    var nextTick = MonotonicClock.now
    while true {
      now = MonotonicClock.now
      let due = min(nextDeadline, end, now + Self.tick)
      _ = try Readiness.wait(for: descriptors, upTo: due - now)
      if let request = signals.request { return .signal(request) }
      now = MonotonicClock.now
      if now >= end { return .duration }
      try work()
      if now >= nextTick {
        onTick(host)
        nextTick = now + Self.tick
      }
    }
  }

  private var nextDeadline: Instant {
    min(
      host.nextDeadline ?? .distantFuture, inbound?.nextDeadline ?? .distantFuture,
      outbound?.nextDeadline ?? .distantFuture)
  }

  /// Lets the timers act, and then what has arrived.
  private mutating func work() throws(SystemCallError) {
    host.advance(to: now, into: &segments)
    sendSegments()
    let device = device
    _ = try device.takeArrived { arrived, octets in
      host.counters.packetsReceived += 1
      if inbound == nil {
        receive(arrived, octets)
      } else {
        inbound?.take(octets.octets, arrived, at: now)
      }
    }
    while let packet = inbound?.next(by: now) { receive(packet.facts, packet.octets.span) }
    while let packet = outbound?.next(by: now) { note(device.send(packet.octets.span)) }
    device.flush()
  }

  private mutating func receive(_ arrived: ArrivedPacket, _ octets: Span<UInt8>) {
    if let answer = ethernet?.answer(to: octets, for: host) {
      host.counters.addressesAnswered += 1
      return note(device.send(answer.span))
    }
    let reading = decoder.decode(
      octets, linkType: linkType, originalLength: arrived.originalLength, at: now.nanoseconds)
    switch reading {
    case .frame(let frame): receive(frame, in: octets, checksum: arrived.checksum)
    case .joined(let frame, let whole): receive(frame, in: whole.span, checksum: .unknown)
    case .fragment: break
    case .left: host.counters.packetsIgnored += 1
    }
  }

  private mutating func receive(
    _ frame: DecodedFrame, in octets: Span<UInt8>, checksum: ChecksumFact
  ) {
    // What lies in a tunnel is for whoever ends the tunnel.
    guard let (source, destination) = frame.addresses, frame.encapsulations.isEmpty,
      host.owns(destination)
    else {
      host.counters.packetsIgnored += 1
      return
    }
    guard source.mayBePeer, !host.owns(source) else {
      host.counters.packetsUnreadable += 1
      return
    }
    guard frame.isIntact(checksum) else {
      host.counters.checksumsWrong += 1
      return
    }
    ethernet?.note(frame.link, of: source)
    if let segment = frame.segment(in: octets) {
      if losesFirstAcknowledgments, firstAcknowledgments.loses(segment) { return }
      if host.receive(segment, at: now, into: &segments).keepsSomething { ethernet?.learn() }
      sendSegments()
    } else if let reply = frame.echoReply(in: octets) {
      host.counters.echoesAnswered += 1
      send(to: source) { $0 += reply }
    } else {
      host.counters.packetsIgnored += 1
    }
  }

  private mutating func sendSegments() {
    for segment in segments {
      // A segment of ours is always of one family and never too long.
      send(to: segment.destination.address) { try? segment.append(packetTo: &$0) }
    }
    segments.removeAll(keepingCapacity: true)
  }

  /// Sends a packet, written into the one room that all share.
  private mutating func send(to destination: IPAddress, _ write: (inout [UInt8]) -> Void) {
    outgoing.removeAll(keepingCapacity: true)
    ethernet?.header(to: destination).append(to: &outgoing)
    write(&outgoing)
    guard outbound != nil else { return note(device.send(outgoing.span)) }
    outbound?.take(
      outgoing, ArrivedPacket(originalLength: outgoing.count, checksum: .unknown), at: now)
  }

  /// Counts what the device has taken or not.
  private mutating func note(_ isSent: Bool) {
    if isSent {
      host.counters.packetsSent += 1
    } else {
      host.counters.packetsUnsent += 1
    }
  }
}

extension RespondingHost.Reception {
  /// Whether the host may have something to say to the sender later.
  fileprivate var keepsSomething: Bool {
    switch self {
    case .closedPort: false
    case .listener(let verdict):
      switch verdict {
      case .admitted, .admittedEvicting, .completed, .completedByCookie, .deliveredToConnection:
        true
      case .answeredWithCookie, .answeredAgain, .entryReset, .challenged, .dropped: false
      }
    }
  }
}

extension DecodedFrame {
  /// Whether no checksum speaks against it: of IP, and of TCP unless the kernel says that it left
  /// it to the card, or has checked it.
  fileprivate func isIntact(_ fact: ChecksumFact) -> Bool {
    if case .ipv4(let header) = network, header.checksumVerdict != .good { return false }
    guard case .tcp(let segment) = transport else { return true }
    switch segment.checksum {
    case .good, .uncheckable: return true
    case .partial, .absent: return fact == .notReady
    case .wrong: return false
    }
  }
}

extension IPAddress {
  /// Whether a host may have it: none to many and none that stands for no host (RFC 1122 §3.2.1.3;
  /// RFC 4291 §2.4).
  fileprivate var mayBePeer: Bool {
    switch self {
    case .v4(let address):
      address.rawValue >> 24 != 0 && address.rawValue >> 28 < 0xE
    case .v6(let address):
      address.high >> 56 != 0xFF && address != .any && address != .loopback
    }
  }
}
