import Determinism
import Handshake
import KernelLab
import TestSupport
import Testing
import Wire

@Suite("The clients' timers, as their SYNs show them")
struct ClientTimersTests {
  @Test(
    "the share that fired a tick late is told for each instant at which timers were due",
    arguments: Seeds.sweep(20), [Int64(100), 250, 1_000])
  func shares(seed: UInt64, hertz: Int64) {
    var chance = SeededGenerator(seed: seed)
    let tick = Nanoseconds(1_000_000_000 / hertz)
    let wheel = TimerWheel(hertz: hertz, ticksAtOrigin: Int64(chance.number(below: 4_096)))
    var timers = ClientTimers(.linuxSyn, wheel: wheel)
    var fired: [Instant: [Bool]] = [:]
    for number in 0..<200 as Range<UInt16> {
      let client = Endpoint(.v4(IPv4Address(198, 18, 128, 0)), port: 1_024 + number)
      var now = Instant.zero + Nanoseconds(Int64(chance.number(below: 2_000_000_000)))
      timers.noteSyn(of: client, at: now)
      for transmission in 0..<Int(chance.number(below: 4)) {
        let due = wheel.firing(
          armedAt: now, after: RetransmissionSchedule.linuxSyn.timeout(after: transmission))
        let isLate = chance.chance(0.2)
        fired[due, default: []].append(isLate)
        now = due + (isLate ? tick : .zero) + .microseconds(Int64(chance.number(below: 300)))
        timers.noteSyn(of: client, at: now)
      }
    }
    let expected = fired.compactMapValues { timers in
      timers.contains(true) ? Double(timers.count { $0 }) / Double(timers.count) : nil
    }
    #expect(expected.count > 20)
    #expect(timers.lateShares == expected)
  }

  @Test(
    "a SYN that no timer of the schedule sent counts for nothing",
    arguments: [-500, -5, 8, 12, 900] as [Int64])
  func otherSyns(milliseconds: Int64) {
    let wheel = TimerWheel()
    var timers = ClientTimers(.linuxSyn, wheel: wheel)
    let clients = (0..<2 as Range<UInt16>).map {
      Endpoint(.v4(IPv4Address(198, 18, 128, 0)), port: 1_024 + $0)
    }
    let due = wheel.firing(armedAt: .zero, after: .seconds(1))
    for client in clients { timers.noteSyn(of: client, at: .zero) }
    timers.noteSyn(of: clients[0], at: due + .milliseconds(milliseconds))
    timers.noteSyn(of: clients[1], at: due + .milliseconds(4))
    #expect(timers.lateShares == [due: 1])
  }
}
