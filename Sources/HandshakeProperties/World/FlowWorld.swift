import Determinism
import FlowControl

/// A sender and a receiver, with a path between them that does what the choices say.
struct FlowWorld {
  enum Event {
    case packet(Transmission)
    case acknowledgment(Acknowledgment)
  }

  let control: SendingControl
  var sender: any FlowSender
  var receiver: FlowReceiver
  var now = Instant.zero
  /// How many packets there are to send.
  let packets: Int
  /// How many more datagrams the path may spoil; then it is sound.
  private var trouble: Int
  private var events = EventQueue<Event>()
  private var released = 0

  init(_ choices: inout Choices) throws(CaseEnd) {
    control = try choices.flowControl()
    packets = try choices.number(in: 0...24)
    trouble = try choices.number(in: 0...60)
    let policy: AcknowledgmentPolicy =
      try choices.chance(1, in: 3) ? .delayed(every: 2, most: .milliseconds(20)) : .atOnce
    sender = control.sender()
    sender.offer(packets)
    receiver = FlowReceiver(buffer: control.receiverBuffer, policy: policy)
    choices.note("\(packets) packets under \(control), \(policy)")
  }

  /// Plays until everything is acknowledged, and looks after every step.
  mutating func play(
    _ choices: inout Choices, _ look: (Self, Transmission) throws(CaseEnd) -> Void
  ) throws(CaseEnd) {
    let end = Instant.zero + .seconds(600)
    var steps = 0
    try send(&choices, look)
    while sender.acknowledged < packets {
      steps += 1
      try require(steps < 10_000, "time stands still at \(Double(now.nanoseconds) / 1e9) s")
      let due = [events.earliestDue, sender.nextDeadline, receiver.nextDeadline]
      guard let next = due.compactMap(\.self).min(), next < end else {
        throw .violated(
          "\(sender.acknowledged) of \(packets) packets are acknowledged, and nothing more happens")
      }
      now = max(now, next)
      while let event = events.popEarliest(dueBy: now) { try handle(event.event, &choices) }
      var acknowledgments: [Acknowledgment] = []
      receiver.advance(to: now, into: &acknowledgments)
      for acknowledgment in acknowledgments { try carry(.acknowledgment(acknowledgment), &choices) }
      sender.advance(to: now)
      try send(&choices, look)
    }
    try require(receiver.next == packets, "\(receiver.next) packets came, not \(packets)")
  }

  private mutating func send(
    _ choices: inout Choices, _ look: (Self, Transmission) throws(CaseEnd) -> Void
  ) throws(CaseEnd) {
    while let transmission = sender.nextPacket(at: now) {
      try look(self, transmission)
      try carry(.packet(transmission), &choices)
    }
  }

  private mutating func handle(_ event: Event, _ choices: inout Choices) throws(CaseEnd) {
    switch event {
    case .acknowledgment(let acknowledgment): sender.receive(acknowledgment, at: now)
    case .packet(let transmission):
      var acknowledgments: [Acknowledgment] = []
      let verdict = receiver.receive(
        transmission.number, serial: transmission.serial, at: now, into: &acknowledgments)
      if case .released(let below) = verdict {
        try require(
          transmission.number == released && below > released,
          "packet \(transmission.number) was released when \(released) was due")
        released = below
      }
      for acknowledgment in acknowledgments { try carry(.acknowledgment(acknowledgment), &choices) }
    }
  }

  private mutating func carry(_ event: Event, _ choices: inout Choices) throws(CaseEnd) {
    var copies = 1
    var delay = Nanoseconds.milliseconds(10)
    if trouble > 0 {
      trouble -= 1
      switch try choices.number(in: 0...9) {
      case 7: delay = .milliseconds(Int64(try choices.number(in: 0...300)))
      case 8: copies = 2
      case 9: copies = 0
      default: break
      }
      if copies != 1 || delay != .milliseconds(10) {
        choices.note(
          "\(Double(now.nanoseconds) / 1e9)  \(event): \(copies) copies after \(delay.seconds) s")
      }
    }
    for copy in 0..<copies { events.schedule(event, at: now + delay * Int64(copy + 1)) }
  }
}

extension Choices {
  /// Draws a control that repeats what is lost.
  mutating func flowControl() throws(CaseEnd) -> SendingControl {
    let timer: RetransmissionTimer.Law =
      try chance(1, in: 2)
      ? .adaptive(least: .milliseconds(50), most: .seconds(2)) : .fixed(.milliseconds(100))
    let window = try number(in: 1...8)
    let threshold = try chance(1, in: 2) ? 3 : nil
    switch try number(in: 0...4) {
    case 0: return .stopAndWait(timer: timer)
    case 1: return .goBackN(window: window, timer: timer, threshold: threshold)
    case 2:
      return .selectiveRepeat(
        window: window, reach: window + (try number(in: 0...8)), timer: timer,
        threshold: threshold)
    case 3: return .congestionWindow(window: window, timer: timer, recovery: .reno)
    default: return .congestionWindow(window: window, timer: timer, recovery: .newReno)
    }
  }

  /// Draws a flow of a few seconds over any path.
  mutating func flowScenario() throws(CaseEnd) -> FlowScenario {
    var scenario = FlowScenario(
      control: try chance(1, in: 4)
        ? .tokenBucket(
          rate: Int64(try number(in: 10_000...200_000)), burst: 5_000, packetOctets: 1_000)
        : try flowControl())
    scenario.duration = .seconds(Int64(try number(in: 1...4)))
    scenario.seed = try choice(upTo: .max)
    scenario.path.rate = Int64(try number(in: 200_000...2_000_000))
    scenario.path.delay = .milliseconds(Int64(try number(in: 0...50)))
    scenario.path.routers = try number(in: 0...3)
    scenario.path.queue = try number(in: 0...6)
    scenario.path.discipline = try element(of: [
      .tailDrop, .randomDrop, .randomEarlyDetection(.scaled(to: scenario.path.queue)),
    ])
    if try chance(1, in: 2) {
      scenario.path.forward.loss = Double(try number(in: 0...20)) / 100
      scenario.path.forward.duplicate = Double(try number(in: 0...20)) / 100
      scenario.path.forward.reorder = Double(try number(in: 0...20)) / 100
      scenario.path.forward.corrupt = Double(try number(in: 0...20)) / 100
      scenario.path.backward.loss = Double(try number(in: 0...20)) / 100
    }
    if try chance(1, in: 2) {
      scenario.source = .poisson(rate: Double(try number(in: 1...300)))
    }
    return scenario
  }
}
