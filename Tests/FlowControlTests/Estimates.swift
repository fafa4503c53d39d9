import Determinism
import FloodSimulation
import Testing

@testable import FlowControl

/// What a run showed, with the intervals of batch means, after its first tenth.
struct FlowEstimate {
  /// The share of the link's time that carried packets which were delivered.
  let utilisation: BatchMeans
  /// The share of packets that queues turned away.
  let turnedAway: BatchMeans?

  /// Runs `scenario` for the time in which the link could send so many packets.
  init(_ scenario: FlowScenario, packets: Int64) throws {
    var scenario = scenario
    let unit = scenario.path.sendingTime(of: scenario.packetOctets)
    scenario.duration = unit * packets
    let samples = scenario.run(samples: 344).samples
    let settled = samples.dropFirst(34)
    utilisation = try #require(
      BatchMeans(
        zip(settled, settled.dropFirst()).map { before, after in
          (
            hits: Double(after.delivered - before.delivered) * Double(unit.count),
            trials: Double((after.at - before.at).count)
          )
        }))
    turnedAway = BatchMeans(
      zip(settled, settled.dropFirst()).map { before, after in
        (
          hits: Double(after.turnedAway - before.turnedAway),
          trials: Double(after.entered - before.entered)
        )
      })
  }

  /// Tells whether `value` is what was measured, and the measurement sharp enough to have said no.
  static func agrees(
    _ measured: BatchMeans, with value: Double, atMost halfWidth: Double
  ) -> Bool {
    // Without chance the interval is a point, and a packet more or less at either end counts.
    abs(measured.mean - value) <= measured.halfWidth + 1e-4 * value + 1e-9
      && measured.halfWidth <= halfWidth
  }
}

extension FlowScenario {
  /// A sender with the link to itself, whose length is `a` packets.
  static func textbook(_ control: SendingControl, a: Double, loss: Double = 0) -> Self {
    var scenario = Self(control: control)
    scenario.path.routers = 0
    scenario.path.rate = 8_000_000  // 1,000 octets a millisecond
    scenario.path.delay = Nanoseconds(Int64((a * 1e6).rounded()))
    scenario.path.forward.loss = loss
    return scenario
  }

  /// The time-out that is a round trip of ``textbook(_:a:loss:)``, `factor` times.
  static func roundTrip(a: Double, times factor: Double = 1) -> RetransmissionTimer.Law {
    .fixed(Nanoseconds(Int64(((1 + 2 * a) * factor * 1e6).rounded())))
  }
}
