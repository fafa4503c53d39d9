import Determinism
import SynCookies
import Testing
import Wire

@Suite("The byte in which FreeBSD and pf write a SYN down")
struct FlagByteTests {
  @Test("reads back as it was written, all 256 of them")
  func roundTrip() {
    for byte in UInt8.min...UInt8.max {
      let flags = FlagByte(byte: byte)
      let again = FlagByte(
        maximumSegmentSize: flags.maximumSegmentSize, windowScale: flags.windowScale,
        sack: flags.sack, parity: flags.parity)
      #expect(again == flags)
      for mac in [0, .max, 0x1234_5678, 0x8000_00FF] as [UInt32] {
        #expect(FlagByte(veiledIn: flags.veiled(by: mac)) == flags)
        #expect(flags.veiled(by: mac) >> 8 == mac >> 8)
      }
    }
  }

  @Test("rounds down: size and scale are never more than the SYN's")
  func roundsDown() {
    let scales: [UInt8: UInt8] = [
      0: 0, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 6, 7: 7, 8: 8, 9: 8, 14: 8, 255: 8,
    ]
    for (scale, kept) in scales {
      let flags = FlagByte(maximumSegmentSize: 0, windowScale: scale, sack: false, parity: 0)
      #expect(flags.windowScale == kept)
    }
    for mss in UInt16(0)...9_000 {
      let flags = FlagByte(maximumSegmentSize: mss, windowScale: nil, sack: false, parity: 1)
      let sizes = FlagByte.sizes.sizes
      #expect(flags.maximumSegmentSize == sizes.last { $0 <= mss } ?? sizes[0])
      #expect(flags.windowScale == nil)
    }
  }

  @Test("every table of sizes rises, so that the largest that fits is the last that does")
  func tablesRise() {
    for table in [
      FlagByte.sizes, LinuxCookie.version4Sizes, LinuxCookie.version6Sizes, GVisorCookie.sizes,
      BernsteinCookie.sizes, OnloadCookie.sizes,
    ] {
      #expect(zip(table.sizes, table.sizes.dropFirst()).allSatisfy { $0 < $1 })
    }
  }

  @Test("pf looks at no ACK unless a cookie of its key is in flight, and counts each once")
  func inFlight() {
    var scheme = PfCookie(keys: AlternatingKeys(secret: CookieFixtures.key0))
    let syn = CookieFixtures.syn()
    let start = Instant(nanoseconds: 15_000_000_000)
    let made = scheme.make(for: syn, at: start)
    let back = syn.returning(made.sequence)
    #expect(scheme.cookiesInFlight(parity: 1) == 1)
    #expect(scheme.check(back, at: start).isValid)
    #expect(scheme.cookiesInFlight(parity: 1) == 0)
    #expect(scheme.check(back, at: start) == .refused(.nothingInFlight), "a replay")
    _ = scheme.make(for: syn, at: start)
    #expect(scheme.check(back, at: start + .seconds(15)).age == 1)
    _ = scheme.make(for: syn, at: start + .seconds(15))
    _ = scheme.make(for: syn, at: start + .seconds(45))
    #expect(scheme.cookiesInFlight(parity: 0) == 1)
    #expect(scheme.cookiesInFlight(parity: 1) == 0, "its key was drawn anew")
  }

  @Test("pf forgets what was in flight under a key when that key is drawn anew, and no sooner")
  func inFlightOfOldKeys() {
    var scheme = PfCookie(keys: AlternatingKeys(secret: CookieFixtures.key0))
    let syn = CookieFixtures.syn()
    for step in 0..<6 as Range<Int64> {
      for _ in 0..<3 { _ = scheme.make(for: syn, at: .zero + .seconds(15 * step)) }
      let newest = UInt8(step & 1)
      #expect(scheme.cookiesInFlight(parity: newest) == 3)
      #expect(scheme.cookiesInFlight(parity: 1 - newest) == (step == 0 ? 0 : 3))
    }
  }

  @Test("keys that were given are there again when time comes back to their step")
  func givenKeys() {
    var keys = AlternatingKeys(
      even: CookieFixtures.key0, odd: CookieFixtures.key1,
      clock: CookieClock(period: AlternatingKeys.period, first: 7))
    for step in [0, 1, 2, 5, 0, -1, 0] as [Int64] {
      _ = keys.move(to: .zero + .seconds(15 * step))
      // Step 7 is the origin's: the odd key is the newest and lasts until step 9, the even one was
      // drawn in step 6 and lasts until step 8.
      #expect((keys.key(parity: 1) == CookieFixtures.key1) == [0, 1].contains(step), "\(step)")
      #expect((keys.key(parity: 0) == CookieFixtures.key0) == [0, -1].contains(step), "\(step)")
    }
  }

  @Test("Onload takes the largest size strictly below the SYN's, but its own largest from there on")
  func onloadSizes() {
    let scheme = OnloadCookie(salt: CookieFixtures.key0)
    let places: [(UInt16, UInt32)] = [
      (0, 0), (64, 0), (512, 0), (513, 1), (536, 1), (537, 2), (1_460, 5), (1_461, 6),
      (2_047, 6), (2_048, 7), (.max, 7),
    ]
    for (mss, place) in places { #expect(scheme.index(for: mss) == place, "\(mss)") }
    let ethernet = OnloadCookie(salt: CookieFixtures.key0, largestSize: 1_460)
    #expect(ethernet.index(for: 1_460) == 7)
    #expect(ethernet.index(for: 1_459) == 5)
  }
}
