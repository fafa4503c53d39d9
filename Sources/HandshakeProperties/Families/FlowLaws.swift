import Determinism
import FlowControl

/// What flow control owes everybody, whatever the path does.
enum FlowLaws {
  /// F1.
  static let bucketConforms = Property(
    "F1", "No interval of length t carries more through a token bucket than burst + rate·t.",
    source: "RFC 2697 and RFC 2215 §3.6, the TSpec's bound", usualCases: 1_000
  ) { (choices) throws(CaseEnd) in
    let rate = Int64(try choices.number(in: 1...1_000_000))
    let burst = Int64(try choices.number(in: 1...5_000))
    var bucket = TokenBucket(rate: rate, burst: burst)
    var now = Instant.zero
    var passed: [(at: Instant, octets: Int)] = []
    let tries = try choices.list(upTo: 40) { (choices) throws(CaseEnd) in
      (
        gap: Nanoseconds(Int64(try choices.choice(upTo: 100_000_000))),
        octets: try choices.number(in: 0...Int(burst) + 1)
      )
    }
    for (gap, octets) in tries {
      now = now + gap
      if bucket.take(octets, at: now) { passed.append((now, octets)) }
    }
    choices.note("\(rate) octets/s, burst \(burst): \(passed.map { "\($0.octets) at \($0.at)" })")
    for first in passed.indices {
      var sum: Int128 = 0
      for last in first..<passed.count {
        sum += Int128(passed[last].octets)
        let length = (passed[last].at - passed[first].at).count
        try require(
          sum * 1_000_000_000 <= Int128(burst) * 1_000_000_000 + Int128(rate) * Int128(length),
          "\(sum) octets passed within \(length) ns")
      }
    }
  }

  /// F2.
  static let everythingArrives = Property(
    "F2", "Every packet is released once and in order, and all are, when losses come to an end.",
    source: "Bartlett, Scantlebury and Wilkinson 1969; RFC 5681; RFC 6298"
  ) { (choices) throws(CaseEnd) in
    var world = try FlowWorld(&choices)
    try world.play(&choices) { (_, _) throws(CaseEnd) in }
  }

  /// F3.
  static let windowIsKept = Property(
    "F3", "No packet leaves that is a window or more beyond the oldest that has not arrived.",
    source: "RFC 9293 §3.8.6; the receiver's room"
  ) { (choices) throws(CaseEnd) in
    var world = try FlowWorld(&choices)
    let room = max(1, roomOfReceiver(under: world.control))
    try world.play(&choices) { (world, transmission) throws(CaseEnd) in
      try require(
        transmission.number >= 0 && transmission.number < world.packets,
        "packet \(transmission.number) was never offered")
      try require(
        transmission.number < world.sender.acknowledged + room,
        "packet \(transmission.number) left while \(world.sender.acknowledged) was missing")
    }
  }

  private static func roomOfReceiver(under control: SendingControl) -> Int {
    switch control {
    case .none, .tokenBucket: .max / 2
    case .stopAndWait: 1
    case .goBackN(let window, _, _), .congestionWindow(let window, _, _): window
    case .selectiveRepeat(let window, let reach, _, _): max(window, reach ?? 0)
    }
  }

  /// F4.
  static let booksBalance = Property(
    "F4", "Every packet sent is delivered, repeated, dropped for a counted reason or on its way.",
    source: "conservation", usualCases: 200
  ) { (choices) throws(CaseEnd) in
    let scenario = try choices.flowScenario()
    choices.note("\(scenario)")
    let report = scenario.run(samples: 1)
    try require(report.path.entered == report.sender.sent, "sent is not what came to the path")
    let accounted =
      report.delivered + report.receiver.duplicates + report.receiver.notKept + report.path.lost
      - report.path.doubled
    let path = scenario.path
    let unit = max(1, path.sendingTime(of: scenario.packetOctets).count)
    let flight = Int((path.delay + path.forward.hold).count / unit) + 2
    let most =
      path.routers * (path.queue + 1) + path.links * 2 * flight + scenario.control.receiverBuffer
    let rest = report.sender.sent - accounted
    try require(
      (0...most).contains(rest),
      "\(report.sender.sent) were sent, \(accounted) accounted for, \(most) can be on their way")
    try require(
      report.queuePeak <= path.queue, "\(report.queuePeak) packets waited in \(path.queue) places")
    try require(
      report.offered.map { report.delivered <= $0 } ?? true, "more arrived than were offered")
  }

  /// F5.
  static let equalSeedsGiveEqualFlows = Property(
    "F5", "The same flow with the same seed comes to the same in every figure.",
    source: "the design: nothing depends on the machine or the clock", usualCases: 100
  ) { (choices) throws(CaseEnd) in
    let scenario = try choices.flowScenario()
    choices.note("\(scenario)")
    try require(scenario.run(samples: 20) == scenario.run(samples: 20), "two runs differ")
  }
}
