import Determinism
import SynCookies
import TestSupport
import Testing
import Wire

@Suite("What Linux's cookie keeps of the options")
struct LinuxOptionTests {
  static let now = Instant(nanoseconds: 1_912_594 * 1_000_000)

  @Test("comes back whole from the echo, for every set of options that both ends want")
  func roundTrip() {
    for scale in [nil, 0, 1, 7, 13, 14, 15, 255] as [UInt8?] {
      for bits in 0..<4 {
        let (sack, ecn) = (bits & 1 != 0, bits & 2 != 0)
        let syn = CookieFixtures.syn(
          windowScale: scale, sack: sack, timestamps: TCPTimestamps(value: 9, echoReply: 0),
          ecn: ecn)
        let made = LinuxCookieTests.scheme.make(for: syn, at: Self.now)
        #expect(
          made.kept
            == KeptOptions(windowScale: scale != nil, sack: sack, timestamps: true, ecn: ecn))
        let echo = TCPTimestamps(value: 10, echoReply: made.timestampValue ?? 0)
        let back = syn.returning(made.sequence, timestamps: echo)
        #expect(
          LinuxCookieTests.scheme.check(back, at: Self.now)
            == .accepted(
              RecoveredCookie(
                age: 0, maximumSegmentSize: 1_460, windowScale: scale.map { min($0, 14) },
                sack: sack, ecn: ecn, timestamps: true)))
      }
    }
  }

  @Test("is nothing without timestamps on both sides, and the MSS alone")
  func withoutTimestamps() {
    let syn = CookieFixtures.syn(windowScale: 7, sack: true, ecn: true)
    let made = LinuxCookieTests.scheme.make(for: syn, at: Self.now)
    #expect(made.kept == .nothing)
    #expect(made.timestampValue == nil)
    // An ACK that lost the option loses all, even if the SYN had it.
    let full = CookieFixtures.syn(
      windowScale: 7, sack: true, timestamps: TCPTimestamps(value: 9, echoReply: 0))
    let kept = LinuxCookieTests.scheme.make(for: full, at: Self.now)
    #expect(
      LinuxCookieTests.scheme.check(full.returning(kept.sequence), at: Self.now)
        == .accepted(RecoveredCookie(age: 0, maximumSegmentSize: 1_460)))
    let off = LinuxCookieTests.scheme(host: HostOptions(timestamps: false))
    #expect(off.make(for: full, at: Self.now).kept == .nothing)
  }

  @Test("is refused when the echo names what the host has switched off")
  func switchedOff() {
    let syn = CookieFixtures.syn(
      windowScale: 7, sack: true, timestamps: TCPTimestamps(value: 9, echoReply: 0), ecn: true)
    let made = LinuxCookieTests.scheme.make(for: syn, at: Self.now)
    let echo = TCPTimestamps(value: 10, echoReply: made.timestampValue ?? 0)
    let back = syn.returning(made.sequence, timestamps: echo)
    for host in [HostOptions(sack: false), HostOptions(windowScale: nil)] {
      let scheme = LinuxCookieTests.scheme(host: host)
      #expect(scheme.check(back, at: Self.now) == .refused(.optionSwitchedOff))
      // Such a host does not write down what it would refuse to read.
      let own = scheme.make(for: syn, at: Self.now)
      let answer = TCPTimestamps(value: 10, echoReply: own.timestampValue ?? 0)
      #expect(
        scheme.check(syn.returning(own.sequence, timestamps: answer), at: Self.now).isValid)
    }
    let withoutEcn = LinuxCookieTests.scheme(host: HostOptions(ecn: false))
    #expect(withoutEcn.check(back, at: Self.now).recovered?.ecn == false)
  }

  @Test("stands in six bits of a clock that is never ahead, and less than 64 ms behind")
  func clock() {
    for bits in 0..<64 as Range<UInt32> {
      for milliseconds in [64, 127, 128, 1_912_594, 1 << 32, (1 << 32) + 100] as [UInt64] {
        let options = LinuxTimestampBits(echoed: bits)
        let value = options.timestampValue(notAfter: milliseconds)
        let behind = UInt32(truncatingIfNeeded: milliseconds) &- value
        #expect(behind < 64)
        #expect(value & 63 == bits)
        #expect(options.bits == bits)
      }
    }
    // Seen on a kernel whose offset is 0: TSval 1912599 while it was up for 1912.594 s is the form
    // of SYNPROXY, which may run ahead; the host's own would be 64 less.
    let seen = LinuxTimestampBits(echoed: 1_912_599)
    #expect(seen.timestampValue(notAfter: 1_912_594) == 1_912_599 - 64)
  }
}

@Suite("Linux's clock of minutes and its window")
struct LinuxTimeTests {
  @Test(
    "the first step after the boot comes when jiffies say so, and then one a minute",
    arguments: [(100, 7_040), (250, 50_816), (1_000, 12_704)] as [(UInt64, Int64)])
  func firstStep(hertz: UInt64, milliseconds: Int64) {
    let clock = CookieClock.linux(hertz: hertz)
    let first = clock.count(at: .zero)
    let step = Instant(nanoseconds: milliseconds * 1_000_000)
    for minute in 0..<40 as Range<Int64> {
      let due = step + Nanoseconds.seconds(60) * minute
      #expect(clock.count(at: due - Nanoseconds(1)) == first + UInt64(minute))
      #expect(clock.count(at: due) == first + UInt64(minute) + 1)
    }
  }

  @Test("with 300 ticks a second the first step is due after 42.35 s")
  func thirds() {
    let clock = CookieClock.linux(hertz: 300)
    let before = clock.count(at: Instant(nanoseconds: 42_346_000_000))
    #expect(clock.count(at: Instant(nanoseconds: 42_347_000_000)) == before + 1)
  }

  @Test("cookies are believed from 1 s before to 120 s after an overflow, to the nanosecond")
  func window() {
    var window = OverflowWindow()
    let overflow = Instant(nanoseconds: 500_000_000_000)
    #expect(!window.isOpen(at: overflow))
    window.noteOverflow(at: overflow)
    let (second, minutes) = (Nanoseconds.seconds(1), Nanoseconds.seconds(120))
    for (now, isOpen) in [
      (overflow - second - Nanoseconds(1), false), (overflow - second, true), (overflow, true),
      (overflow + minutes, true), (overflow + minutes + Nanoseconds(1), false),
    ] {
      #expect(window.isOpen(at: now) == isOpen)
      #expect(SyncookiesMode.never.believesCookie(within: window, at: now) == false)
      #expect(SyncookiesMode.onOverflow.believesCookie(within: window, at: now) == isOpen)
      #expect(SyncookiesMode.always.believesCookie(within: window, at: now) == isOpen)
    }
  }

  @Test("an overflow is noted at most once a second")
  func refresh() {
    var window = OverflowWindow()
    let first = Instant(nanoseconds: 7)
    window.noteOverflow(at: first)
    window.noteOverflow(at: first + .seconds(1))
    #expect(window.lastOverflow == first)
    window.noteOverflow(at: first + .seconds(1) + Nanoseconds(1))
    #expect(window.lastOverflow == first + .seconds(1) + Nanoseconds(1))
    window.noteOverflow(at: first)
    #expect(window.lastOverflow == first, "a clock that went back is believed")
  }

  @Test("mode 0 makes no cookie, mode 1 on overflow, mode 2 always")
  func modes() {
    let made = SyncookiesMode.allCases.map { mode in
      [false, true].map { mode.makesCookie(whenOverflowing: $0) }
    }
    #expect(made == [[false, false], [false, true], [true, true]])
    #expect(SyncookiesMode.allCases.map(\.rawValue) == [0, 1, 2])
  }
}
