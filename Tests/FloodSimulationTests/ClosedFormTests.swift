import Determinism
import Foundation
import Handshake
import TestSupport
import Testing

@testable import FloodSimulation

@Suite("A closed form")
struct ClosedFormTests {
  @Test("of Erlang's agrees with many-digit arithmetic to 10⁻¹³", arguments: ErlangRow.all)
  func erlang(row: ErlangRow) {
    let loss = ErlangLoss(slots: row.slots, offeredLoad: row.load)
    // Below that, doubles themselves run out of digits.
    let isNormal = row.blocking > 1e-300
    #expect(isNormal ? near(loss.blocking, row.blocking, 1e-13) : loss.blocking < 1e-290)
    #expect(near(loss.carriedLoad, row.carried, 1e-13))
  }

  @Test("of Erlang's gives the fractions that can be worked out by hand")
  func erlangByHand() {
    for (slots, load, blocking) in [
      (0, 3.0, 1.0), (1, 1, 0.5), (2, 1, 0.2), (3, 2, 4.0 / 19), (1, 0, 0), (5, 0, 0),
      (10, 5, 0.018384570336648132),
    ] {
      #expect(near(ErlangLoss(slots: slots, offeredLoad: load).blocking, blocking, 1e-14))
    }
  }

  @Test(
    "of Erlang's stays within its bounds, falls in slots, rises in load", arguments: Seeds.sweep(40)
  )
  func erlangBounds(seed: UInt64) {
    var chance = SeededGenerator(seed: seed)
    for _ in 0..<20 {
      let slots = Int(chance.number(below: 300))
      let load = chance.unitInterval() * 600
      let loss = ErlangLoss(slots: slots, offeredLoad: load)
      #expect(loss.blocking >= max(0, 1 - Double(slots) / max(load, 1e-9)) - 1e-14)
      #expect(loss.blocking <= 1 && loss.carriedLoad <= Double(slots) + 1e-9)
      #expect(near(loss.admitted + loss.blocking, 1, 1e-14))
      #expect(ErlangLoss(slots: slots + 1, offeredLoad: load).blocking <= loss.blocking)
      #expect(ErlangLoss(slots: slots, offeredLoad: load * 1.01).blocking >= loss.blocking)
    }
  }

  @Test("with retries is the load that gives itself again", arguments: Seeds.sweep(40))
  func retriesAreAFixedPoint(seed: UInt64) {
    var chance = SeededGenerator(seed: seed)
    let slots = 1 + Int(chance.number(below: 200))
    let attack = chance.unitInterval() * 400
    let clients = chance.unitInterval() * 40
    let tries = 1 + Int(chance.number(below: 11))
    let loss = ErlangLoss(slots: slots, attackLoad: attack, clientLoad: clients, tries: tries)
    let sent = (0..<tries).reduce((sum: 0.0, power: 1.0)) { state, _ in
      (state.sum + state.power, state.power * loss.blocking)
    }.sum
    #expect(near(loss.offeredLoad, attack + clients * sent, 1e-9))
    #expect(loss.blocking >= ErlangLoss(slots: slots, offeredLoad: attack + clients).blocking)
  }

  @Test("of each policy and of trying again gives the known answers", arguments: PolicyRow.all)
  func policies(row: PolicyRow) {
    let load = row.rate * row.life
    let share: Double
    let success: Double
    switch row.policy {
    case .new:
      let loss = ErlangLoss(slots: row.slots, offeredLoad: load)
      (share, success) = (loss.blocking, loss.admitted)
    case .random:
      let pool = RandomDrop(
        slots: row.slots, flows: [RandomDrop.Flow(rate: row.rate, life: row.life)])
      (share, success) = (pool.evictingShare, pool.survival(for: row.roundTrip))
    case .oldest:
      share = ErlangLoss(slots: row.slots, offeredLoad: load).blocking
      success = OldestDrop(slots: row.slots, rate: row.rate).survival(for: row.roundTrip)
    }
    #expect(near(share, row.share, 6e-8) && near(success, row.success, 6e-8))
    for (schedule, known) in [
      (RetransmissionSchedule.doublingSyn, row.sevenSyns), (.linuxSyn, row.elevenSyns),
    ] {
      let tries = RepeatedTries(chance: success, offsets: schedule.offsets.map(\.seconds))
      #expect(near(tries.success, known.success, 6e-8))
      #expect(near(tries.meanDelay ?? -1, known.delay, 1e-7))
    }
    if let simulated = row.simulated {
      // Somebody else's simulation, at the 95 % level: 36 rows of it, so one or two may be out.
      #expect(abs(success - simulated.success) < 2 * simulated.halfWidth)
    }
  }

  @Test("of the Poisson distribution is what its sum comes to", arguments: Seeds.sweep(60))
  func poisson(seed: UInt64) {
    var chance = SeededGenerator(seed: seed)
    let mean = pow(10, chance.unitInterval() * 4 - 1)
    let distribution = PoissonDistribution(mean: mean)
    let limit = Int((mean + (chance.unitInterval() * 8 - 4) * mean.squareRoot()).rounded())
    var sum = 0.0
    for count in stride(from: 0, through: max(limit, -1), by: 1) {
      sum += distribution.probability(of: count)
    }
    #expect(abs(distribution.probability(atMost: limit) - sum) < 1e-12)
    #expect(
      abs(
        distribution.probability(atMost: limit) + distribution.probability(atLeast: limit + 1) - 1)
        < 1e-14)
    let limited = (0...20_000).reduce(0.0) {
      $0 + distribution.probability(of: $1) * Double(min($1, max(limit, 0)))
    }
    #expect(near(distribution.mean(limitedTo: max(limit, 0)), limited, 1e-10))
    // The gamma function of the C library, an independent way to the same number.
    let direct = exp(Double(max(limit, 0)) * log(mean) - mean - lgamma(Double(max(limit, 0)) + 1))
    #expect(near(distribution.probability(of: max(limit, 0)), direct, 1e-8))
  }

  @Test("of a tail far from the mean keeps its digits")
  func farTails() {
    // From 50-digit arithmetic.
    #expect(near(PoissonDistribution(mean: 200).probability(atMost: 127), 2.0946016054e-8, 1e-10))
    #expect(near(PoissonDistribution(mean: 1).probability(atLeast: 10), 1.1142547833872e-7, 1e-12))
    #expect(PoissonDistribution(mean: 0).probability(atMost: 0) == 1)
    #expect(PoissonDistribution(mean: 5).probability(atMost: -1) == 0)
    #expect(PoissonDistribution(mean: 5).probability(atLeast: 0) == 1)
  }

  @Test("rests on functions as exact as a C library's", arguments: Seeds.sweep(40))
  func elementary(seed: UInt64) {
    var chance = SeededGenerator(seed: seed)
    for _ in 0..<200 {
      let large = chance.unitInterval() * 1_400 - 700
      let small = (chance.unitInterval() * 2 - 1) * pow(10, -chance.unitInterval() * 12)
      #expect(near(ElementaryFunctions.exponential(large), exp(large), 1e-15))
      #expect(near(ElementaryFunctions.exponentialMinusOne(small), expm1(small), 1e-15))
      #expect(near(ElementaryFunctions.logarithmOfOnePlus(small), log1p(small), 1e-15))
    }
    #expect(ElementaryFunctions.exponential(0) == 1)
    #expect(ElementaryFunctions.exponential(-1_000) == 0)
    #expect(ElementaryFunctions.exponential(1_000) == .infinity)
  }

  @Test("of guessing is the layout's share, and its chance in many guesses")
  func guessing() {
    let linux = CookieGuessing(validNumbers: 8)
    #expect(linux.chance == 0x1p-29)
    #expect(linux.expectedHits(in: 1 << 29) == 1)
    #expect(near(linux.chance(in: 1 << 29), 1 - exp(-1), 1e-8))
    #expect(linux.chance(in: 0) == 0)
    #expect(CookieGuessing(validNumbers: 16, of: 16).chance(in: 1) == 1)
  }

  @Test("with lives that have no memory makes random eviction Erlang's")
  func randomWithoutMemory() {
    let flows = [RandomDrop.Flow(rate: 10, life: 9), RandomDrop.Flow(rate: 1, life: 0.1)]
    let pool = RandomDrop(slots: 64, flows: flows, livesHaveNoMemory: true)
    #expect(pool.evictingShare == ErlangLoss(slots: 64, offeredLoad: 90.1).blocking)
    #expect(pool.rate == 11)
  }
}

/// Whether a figure is within a relative error of what it is to be.
func near(_ figure: Double, _ known: Double, _ error: Double) -> Bool {
  abs(figure - known) <= error * abs(known)
}
