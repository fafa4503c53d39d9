import Determinism

/// One run of one scenario: the driver of both ends, and the path between them, in virtual time.
///
/// All that happens at one instant is done in a fixed order: what arrives, then time-outs, then what
/// leaves. So an acknowledgment that comes in the very nanosecond of its time-out is in time.
struct FlowRun: Sendable {
  enum Event: Sendable {
    /// The application hands over a packet.
    case offer
    /// The sender's own link, where there is no router, has sent its packet.
    case sent
    /// A router's link has sent its packet.
    case forwarded(router: Int)
    /// A packet comes to a router.
    case reach(router: Int, FlowPacket)
    /// A packet comes to the receiver.
    case arrive(FlowPacket)
    /// An acknowledgment comes to the sender.
    case acknowledge(Acknowledgment)
    /// The receiving end sends a packet of its own.
    case reverse
  }

  struct Router: Sendable {
    var queue: RouterQueue
    var onLink: FlowPacket?
  }

  let scenario: FlowScenario
  var now = Instant.zero
  var sender: any FlowSender
  var receiver: FlowReceiver
  var events = EventQueue<Event>()
  var routers: [Router]
  var onOwnLink: FlowPacket?
  var path = PathCounters()
  var delivery = DeliveryLog()
  var copies: [ImpairedCopy] = []
  var acknowledgments: [Acknowledgment] = []
  var queueChance: SeededGenerator
  var forwardChance: SeededGenerator
  var backwardChance: SeededGenerator

  private var occupancy = CountMeter()
  private var reversePackets = 0
  private var offered = 0
  private var samples: [FlowSample] = []
  private var nextSample = Instant.zero
  private let sampleInterval: Nanoseconds
  private var arrivalChance: SeededGenerator
  private var lengthChance: SeededGenerator

  init(_ scenario: FlowScenario, samples: Int) {
    self.scenario = scenario
    sender = scenario.control.sender()
    receiver = FlowReceiver(
      buffer: scenario.control.receiverBuffer, policy: scenario.acknowledgments)
    routers = (0..<max(0, scenario.path.routers)).map { _ in
      Router(
        queue: RouterQueue(
          capacity: scenario.path.queue, discipline: scenario.path.discipline))
    }
    let seed = scenario.seed
    arrivalChance = SeededGenerator(seed: seed, stream: "flow arrivals")
    lengthChance = SeededGenerator(seed: seed, stream: "flow lengths")
    queueChance = SeededGenerator(seed: seed, stream: "flow queue")
    forwardChance = SeededGenerator(seed: seed, stream: "flow forward")
    backwardChance = SeededGenerator(seed: seed, stream: "flow backward")
    sampleInterval = Nanoseconds(max(1, scenario.duration.count / Int64(max(1, samples))))
    if scenario.source == .saturated { sender.offer(.max) }
    scheduleOffer()
    scheduleReverse()
  }

  mutating func run(onSample: (FlowSample) -> Void) -> FlowReport {
    let end = Instant.zero + scenario.duration
    fillLink()
    while let next = nextInstant, next < end {
      now = next
      let known = samples.count
      step()
      if samples.count > known { onSample(samples[known]) }
    }
    now = end
    if nextSample <= end { takeSample() }
    occupancy.close(at: end)
    return report()
  }

  private var nextInstant: Instant? {
    var next = min(nextSample, events.earliestDue ?? .distantFuture)
    if let due = receiver.nextDeadline { next = min(next, due) }
    // A sender that could send has to wait for its link.
    if let due = sender.nextDeadline, due > now || onOwnLink == nil { next = min(next, due) }
    return next == .distantFuture ? nil : next
  }

  private mutating func step() {
    if nextSample <= now { takeSample() }
    while let event = events.popEarliest(dueBy: now) { handle(event.event) }
    receiver.advance(to: now, into: &acknowledgments)
    sendBack()
    sender.advance(to: now)
    fillLink()
    occupancy.note(routers.first?.queue.count ?? 0, at: now)
  }

  private mutating func handle(_ event: Event) {
    switch event {
    case .offer:
      delivery.noteBirth(of: offered, at: now)
      offered += 1
      sender.offer(offered)
      scheduleOffer()
    case .sent: leaveOwnLink()
    case .forwarded(let router): leaveLink(of: router)
    case .reach(let router, let packet): enter(router, packet)
    case .arrive(let packet): arrive(packet)
    case .acknowledge(let acknowledgment): sender.receive(acknowledgment, at: now)
    case .reverse:
      reversePackets += 1
      if let acknowledgment = receiver.piggyback() { acknowledgments.append(acknowledgment) }
      sendBack()
      scheduleReverse()
    }
  }

  /// Lets the sender send what it may, as far as its link takes it.
  private mutating func fillLink() {
    while onOwnLink == nil, let transmission = sender.nextPacket(at: now) {
      delivery.noteBirth(of: transmission.number, at: now)
      path.entered += 1
      let packet = FlowPacket(
        number: transmission.number, serial: transmission.serial, octets: drawLength(),
        timeToLive: scenario.path.timeToLive)
      if routers.isEmpty {
        onOwnLink = packet
        events.schedule(.sent, at: now + scenario.path.sendingTime(of: packet.octets))
      } else {
        enter(0, packet)
      }
    }
  }

  private mutating func drawLength() -> Int {
    switch scenario.lengths {
    case .fixed:
      scenario.packetOctets
    case .exponential:
      max(
        1,
        Int(
          ExponentialSampler.draw(
            meanNanoseconds: Double(scenario.packetOctets), using: &lengthChance
          ).count))
    }
  }

  private mutating func scheduleOffer() {
    switch scenario.source {
    case .saturated: return
    case .poisson(let rate):
      guard rate > 0 else { return }
      let gap = ExponentialSampler.draw(meanNanoseconds: 1e9 / rate, using: &arrivalChance)
      events.schedule(.offer, at: now + gap)
    case .constant(let rate): schedule(.offer, number: offered + 1, rate: rate)
    }
  }

  private mutating func scheduleReverse() {
    schedule(.reverse, number: reversePackets + 1, rate: scenario.reverseRate)
  }

  /// From the number, not from the last: gaps that are no whole nanoseconds do not drift.
  private mutating func schedule(_ event: Event, number: Int, rate: Double) {
    guard rate > 0 else { return }
    let due = min(Double(number) * 1e9 / rate, 0x1p62)
    events.schedule(event, at: Instant(nanoseconds: Int64(due)))
  }

  private mutating func takeSample() {
    var sample = FlowSample(at: nextSample)
    sample.sent = sender.counters.sent
    sample.delivered = delivery.count
    sample.deliveredOctets = delivery.octets
    sample.entered = path.entered
    sample.turnedAway = path.turnedAway
    sample.queue = routers.first?.queue.count ?? 0
    sample.queueArea = occupancy.area(at: nextSample)
    sample.window = sender.window
    samples.append(sample)
    let next = nextSample + sampleInterval
    nextSample = next <= .zero + scenario.duration ? next : .distantFuture
  }

  private func report() -> FlowReport {
    var report = FlowReport()
    report.duration = scenario.duration
    report.sender = sender.counters
    report.receiver = receiver.counters
    report.receiver.duplicates += delivery.duplicates
    report.path = path
    report.offered = scenario.source == .saturated ? nil : offered
    report.delivered = delivery.count
    report.deliveredOctets = delivery.octets
    report.reversePackets = reversePackets
    report.delay = DelayFigures(of: delivery.delays)
    report.queueMean = Double(occupancy.area) / Double(max(1, scenario.duration.count))
    report.queuePeak = occupancy.peak
    report.samples = samples
    return report
  }
}

extension FlowScenario {
  /// Runs the scenario in virtual time.
  ///
  /// - Parameters:
  ///   - samples: How many looks at the run its report keeps, besides the one at the start.
  ///   - onSample: Is shown each of them as it is taken.
  /// - Returns: The same report for the same scenario, always.
  /// - Complexity: O(packets · log(packets under way)).
  public func run(
    samples: Int = 200, onSample: (FlowSample) -> Void = { _ in }
  ) -> FlowReport {
    var run = FlowRun(self, samples: samples)
    return run.run(onSample: onSample)
  }
}
