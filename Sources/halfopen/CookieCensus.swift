import Determinism
import SynCookies
import Wire

/// One listener at one time, to be asked about every cookie there is.
struct CookieCensus: Sendable {
  let name: CookieSchemeName
  private let cookies: ListenerCookies
  private let syn: CookieRequest
  private let now: Instant

  /// How many numbers the layout makes acceptable.
  var expected: Int { name.facts.acceptable }

  /// In how many parts the numbers are counted.
  static let parts = 256

  /// Draws keys, a connection and a time.
  ///
  /// Cookies are made in every step that is accepted, since pf looks at an ACK only while cookies
  /// of its key are in flight.
  init(of name: CookieSchemeName, seed: UInt64) {
    self.name = name
    var chance = SeededGenerator(seed: seed, stream: "cookie census")
    let period = name.facts.period
    let secret = SipKey(low: chance.next(), high: chance.next())
    var cookies = ListenerCookies(name, secret: secret)
    let end = { (chance: inout SeededGenerator) in
      let word = chance.next()
      return Endpoint(
        .v4(IPv4Address(rawValue: UInt32(truncatingIfNeeded: word))),
        port: UInt16(truncatingIfNeeded: word >> 32))
    }
    syn = CookieRequest(
      tuple: FourTuple(local: end(&chance), peer: end(&chance)),
      initialSequence: SequenceNumber(UInt32(truncatingIfNeeded: chance.next())),
      options: TCPOptions(maximumSegmentSize: 1_460))
    now = .zero + period * Int64(1_000 + chance.number(below: 1_000))
    for _ in 0..<name.facts.acceptable {
      _ = cookies.make(for: syn, at: now - period)
    }
    for _ in 0..<name.facts.acceptable {
      _ = cookies.make(for: syn, at: now)
    }
    self.cookies = cookies
  }

  /// A cookie that is accepted.
  var example: UInt32 {
    var cookies = cookies
    return cookies.make(for: syn, at: now).sequence.rawValue
  }

  /// The numbers of part `part`, from 0 up to ``parts``.
  static func numbers(ofPart part: Int) -> Range<UInt64> {
    let size = (UInt64(1) << 32) / UInt64(parts)
    return UInt64(part) * size..<UInt64(part + 1) * size
  }

  /// Asks about each of `numbers`, which lie below 2³², and counts those that are accepted.
  func accepted(of numbers: Range<UInt64>) -> Int {
    var cookies = cookies
    var back = syn.answer
    var count = 0
    for number in numbers {
      back.cookie = SequenceNumber(UInt32(truncatingIfNeeded: number))
      if cookies.check(back, at: now).isValid { count += 1 }
    }
    return count
  }
}

extension CookieRequest {
  /// The ACK of the same peer, its cookie still to be filled in.
  fileprivate var answer: CookieReturn {
    CookieReturn(
      tuple: tuple, cookie: SequenceNumber(0), initialSequence: initialSequence)
  }
}
