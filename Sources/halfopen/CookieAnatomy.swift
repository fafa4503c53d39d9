import SynCookies
import Wire

/// A cookie taken apart, as far as what is known of it goes.
struct CookieAnatomy {
  /// A term of the sum on the way from the number on the wire to the fields.
  struct Term {
    let sign: Character
    let number: UInt32
    let meaning: String
  }

  /// A field with what stands in it.
  struct Reading {
    let field: CookieField
    let value: UInt32
    /// What the value says; nil where that cannot be known.
    let said: String?
  }

  /// The number on the wire, what is taken off it, and what is left; only the number itself where
  /// the fields stand in it as they are.
  let terms: [Term]
  /// The number in which the fields are drawn.
  let drawn: UInt32
  /// The fields, first bit first.
  let readings: [Reading]
  /// What cannot be read and why; nil when everything could.
  let unread: String?

  /// What a reader of a cookie may know besides its 32 bits.
  struct Knowledge {
    /// The connection, once keys are known as well.
    var tuple: FourTuple?
    /// The peer's initial sequence number.
    var initialSequence: SequenceNumber?
    /// The keys, and all else that the scheme must be told.
    var cookies: ListenerCookies?
    /// The verdict, once all is known.
    var verdict: CookieVerdict?
  }

  /// Takes `value` apart.
  init(of value: UInt32, scheme: CookieSchemeName, known: Knowledge) {
    let sent = Term(sign: " ", number: value, meaning: "the number on the wire")
    let left = { (number: UInt32) in Term(sign: "=", number: number, meaning: "the fields") }
    switch scheme {
    case .salted, .onload:
      self.init([sent], value, scheme, known, unread: known.cookies == nil ? .needsKey : nil)
    case .freebsd, .pf:
      let flags = FlagByte(veiledIn: value)
      let drawn = value & 0xFFFF_FF00 | UInt32(flags.byte)
      let veil = Term(sign: "^", number: value >> 24, meaning: "its first octet, over the last")
      self.init(
        [sent, veil, left(drawn)], drawn, scheme, known,
        unread: known.cookies == nil ? .needsKey : nil)
    case .bernstein:
      guard let isn = known.initialSequence else {
        self.init(sumOf: "t, MSS, s and the client's ISN", value, .needsIsn)
        return
      }
      let drawn = value &- isn.rawValue
      self.init(
        [sent, .isn(isn), left(drawn)], drawn, scheme, known,
        unread: known.cookies == nil ? .needsKey : nil)
    case .linux, .gvisor:
      guard let isn = known.initialSequence, let tuple = known.tuple,
        let still = known.cookies?.stillHash(of: tuple)
      else {
        self.init(sumOf: "two hashes, ISN, count and MSS", value, .needsAll)
        return
      }
      let drawn = value &- still &- isn.rawValue
      let hash = Term(sign: "-", number: still, meaning: "the hash that stays")
      self.init([sent, hash, .isn(isn), left(drawn)], drawn, scheme, known, unread: nil)
    }
  }

  private init(
    _ terms: [Term], _ drawn: UInt32, _ scheme: CookieSchemeName, _ known: Knowledge,
    unread: Unread?
  ) {
    self.terms = terms
    self.drawn = drawn
    self.unread = unread?.rawValue
    var shift: UInt32 = 32
    readings = scheme.facts.fields.map { field in
      shift -= UInt32(field.width)
      let mask = UInt32(truncatingIfNeeded: (UInt64(1) << UInt64(field.width)) - 1)
      let value = drawn >> shift & mask
      return Reading(
        field: field, value: value,
        said: CookieReader(scheme: scheme, known: known, drawn: drawn).saying(field, value))
    }
  }

  private init(sumOf terms: String, _ value: UInt32, _ unread: Unread) {
    self.terms = [Term(sign: " ", number: value, meaning: "the number on the wire")]
    drawn = value
    let field = CookieField("sum", width: 32, "of \(terms)")
    readings = [Reading(field: field, value: value, said: nil)]
    self.unread = unread.rawValue
  }

  private enum Unread: String {
    case needsKey = "The hash tells nothing without the key and the connection."
    case needsIsn = "A sum tells nothing without the client's ISN (--isn)."
    case needsAll = "A sum with a hash tells nothing without the keys, the connection and the ISN."
  }
}

extension CookieAnatomy.Term {
  fileprivate static func isn(_ number: SequenceNumber) -> Self {
    Self(sign: "-", number: number.rawValue, meaning: "the client's ISN")
  }
}

extension ListenerCookies {
  /// The hash of a sum that does not change with time, where there is one.
  fileprivate func stillHash(of tuple: FourTuple) -> UInt32? {
    switch self {
    case .linux(let scheme): scheme.hashes(of: tuple, count: 0).still
    case .gvisor(let scheme): GVisorCookie.hash(tuple, count: 0, nonce: scheme.nonces.still)
    case .salted, .freebsd, .pf, .bernstein, .onload: nil
    }
  }
}
