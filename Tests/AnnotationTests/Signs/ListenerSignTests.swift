import Annotation
import Determinism
import TestSupport
import Testing
import Wire

@Suite("Signs of floods, full queues and reflection")
struct ListenerSignTests {
  @Test("distinct addresses are counted within four standard errors", arguments: Seeds.sweep(20))
  func distinct(seed: UInt64) {
    var chance = SeededGenerator(seed: seed)
    for number in [0, 1, 16, 17, 200, 1_000, 20_000] {
      var counter = DistinctCounter(key: chance.next())
      for index in 0..<number {
        let address: IPAddress =
          index % 2 == 0
          ? .v4(IPv4Address(rawValue: 0xC612_0000 + UInt32(index)))
          : .v6(IPv6Address(high: 0x2001_0DB8 << 32, low: UInt64(index)))
        counter.note(address)
        if index % 3 == 0 { counter.note(address) }
      }
      let error = (Double(counter.estimate) - Double(number)).magnitude
      #expect(error <= 0.26 * Double(number) + 0.5, "\(number): \(counter.estimate)")
      if number <= 16 { #expect(counter.estimate == number) }
    }
  }

  @Test("the peak is the fullest second, and disorder does not hide it")
  func rate() {
    var meter = RateMeter()
    #expect(meter.mean == 0)
    for tenth in [0, 1, 2, 11, 12, 13, 14, 12, 30] {
      meter.note(at: .zero + .milliseconds(Int64(tenth) * 100))
    }
    #expect(meter.count == 9 && meter.peak == 5 && meter.mean == 3)
    var extremes = RateMeter()
    for time in [Int64.max, .min, 0] { extremes.note(at: Instant(nanoseconds: time)) }
    #expect(extremes.count == 3)
  }

  @Test("a spoofed flood is told with and without answers")
  func spoofedFlood() {
    var halfOpen = FloodSign()
    var ignored = FloodSign()
    for index in 0..<2_000 {
      let (source, time) = (Self.address(index), Instant.zero + .milliseconds(Int64(index)))
      halfOpen.noteSyn(from: source, at: time)
      halfOpen.noteAnswer()
      ignored.noteSyn(from: source, at: time)
    }
    #expect(halfOpen.verdict == .cannotTell, "nothing has come to an end yet")
    #expect(halfOpen.halfOpen == 2_000)
    for _ in 0..<2_000 {
      halfOpen.note(.neverAcknowledged)
      ignored.note(.unanswered)
    }
    #expect(halfOpen.verdict == .spoofedFlood)
    #expect(ignored.verdict == .spoofedFlood)
    #expect(halfOpen.halfOpen == 0 && halfOpen.mostHalfOpen == 2_000)
    #expect(
      halfOpen.description.hasSuffix(
        "at most 1000 a second; 100 % never completed; at most 2000 half-open at once"))
  }

  @Test("clients of a dead server try again and are no flood")
  func deadServer() {
    var sign = FloodSign()
    for index in 0..<500 {
      sign.noteSyn(from: Self.address(index), at: .zero + .milliseconds(Int64(index) * 5))
      sign.noteRepeatedSyn()
      sign.noteRepeatedSyn()
      sign.note(.unanswered)
    }
    #expect(sign.verdict == .cannotTell)
  }

  @Test("many completed handshakes are heavy but healthy, few are healthy, 49 are nothing")
  func healthy() {
    for (count, gap, expected) in [
      (3_000, 1, FloodSign.Verdict.heavyButHealthy), (200, 50, .healthy), (49, 50, .cannotTell),
    ] as [(Int, Int, FloodSign.Verdict)] {
      var sign = FloodSign()
      for index in 0..<count {
        sign.noteSyn(from: Self.address(index % 40), at: .zero + .milliseconds(Int64(index * gap)))
        sign.noteAnswer()
        sign.note(index % 50 == 0 ? .neverAcknowledged : .completed)
      }
      #expect(sign.verdict == expected, "\(sign)")
    }
  }

  @Test("one address that resets its answers scans, one that keeps silent floods")
  func fewAddresses() {
    for (end, expected) in [
      (.resetByClient, .scan), (.neverAcknowledged, .flood),
    ] as [(FloodSign.End, FloodSign.Verdict)] {
      var sign = FloodSign()
      for index in 0..<300 {
        sign.noteSyn(from: Self.address(1), at: .zero + .milliseconds(Int64(index * 20)))
        sign.noteAnswer()
        sign.note(end)
      }
      #expect(sign.verdict == expected, "\(sign)")
    }
  }

  @Test("the facts' listener: two of six clients answered, four met silence for seven SYNs")
  func fullQueue() {
    var sign = AcceptQueueSign()
    let client = Self.address(1)
    for _ in 0..<2 { sign.noteAnswered(client) }
    #expect(sign.verdict == .noSign)
    for _ in 0..<4 { sign.noteIgnored(client, syns: 7) }
    #expect(sign.verdict == .fullOrLimited)
    #expect(sign.errorProbability < 2e-6)
    sign.noteAcknowledgedInVain()
    #expect(sign.verdict == .full)
    #expect(sign.description.hasPrefix("accept queue full: 4 of 6 attempts"))
    sign.noteRefused()
    #expect(sign.verdict == .fullOrDeferred)
  }

  @Test("sixty-four sources are told apart, and a thousand take no more room")
  func manySources() {
    var sign = AcceptQueueSign()
    for index in 0..<1_000 { sign.noteIgnored(Self.address(index), syns: 5) }
    for index in 990..<1_000 { sign.noteAnswered(Self.address(index)) }
    #expect((5...10).contains(sign.ignoredOfAnswered), "\(sign)")
    #expect(sign.ignored == 1_000)
  }

  @Test("a filter by source, a lost SYN and an old order are no full queue")
  func notFull() {
    var filter = AcceptQueueSign()
    for index in 0..<32 {
      filter.noteAnswered(Self.address(index))
      filter.noteIgnored(Self.address(1_000_000 + index), syns: 7)
    }
    #expect(filter.verdict == .noSign)
    var loss = AcceptQueueSign()
    for _ in 0..<100 { loss.noteAnswered(Self.address(1)) }
    loss.noteIgnored(Self.address(1), syns: 2)
    #expect(loss.verdict == .noSign)
    var ignoredFirst = AcceptQueueSign()
    ignoredFirst.noteIgnored(Self.address(1), syns: 6)
    ignoredFirst.noteAnswered(Self.address(1))
    #expect(ignoredFirst.verdict == .fullOrLimited)
  }

  @Test("many servers to one host reflect, one server to many hosts scatters back")
  func reflection() {
    var reflected = ReflectionSign()
    var scattered = ReflectionSign()
    for index in 0..<200 {
      let time = Instant.zero + .milliseconds(Int64(index))
      let port = UInt16(1_024 + index)
      reflected.note(
        from: Endpoint(Self.address(index), port: 443),
        to: Endpoint(Self.address(9_999), port: port),
        at: time)
      scattered.note(
        from: Endpoint(Self.address(9_999), port: 80),
        to: Endpoint(Self.address(index), port: port),
        at: time)
    }
    #expect(reflected.verdict == .reflection)
    #expect(scattered.verdict == .backscatter)
    for _ in 0..<60 { reflected.noteAcknowledged() }
    #expect(reflected.verdict == .notCaptured)
    #expect(ReflectionSign().verdict == .cannotTell)
    var pairs = ReflectionSign()
    for index in 0..<200 {
      pairs.note(
        from: Endpoint(Self.address(index), port: 443),
        to: Endpoint(Self.address(5_000 + index), port: 1_024), at: .zero)
    }
    #expect(pairs.verdict == .cannotTell, "every server its own host")
  }

  private static func address(_ index: Int) -> IPAddress {
    .v4(IPv4Address(rawValue: 0xC612_0000 &+ UInt32(truncatingIfNeeded: index)))
  }
}
