/// The generator xoshiro256** 1.0 of Blackman and Vigna ("Scrambled Linear Pseudorandom Number
/// Generators", ACM TOMS 47(4), 2021), seeded through their SplitMix64.
///
/// Equal seeds give equal numbers on every machine. It is for simulation and tests: whoever sees
/// enough of its output can work out the rest, so keys and salts never come from it directly.
public struct SeededGenerator: RandomNumberGenerator, Hashable, Sendable {
  private var first: UInt64
  private var second: UInt64
  private var third: UInt64
  private var fourth: UInt64

  /// Creates the generator whose four words are the first four outputs of SplitMix64 from `seed`.
  public init(seed: UInt64) {
    var mixer = SplitMix64(state: seed)
    first = mixer.next()
    second = mixer.next()
    third = mixer.next()
    fourth = mixer.next()
  }

  /// Creates the stream called `stream` of `seed`.
  ///
  /// Streams of one seed are independent of each other and of how many there are, so that adding
  /// clients to a scenario leaves the attack's arrivals as they were.
  public init(seed: UInt64, stream: StaticString, index: UInt64 = 0) {
    var mixer = SplitMix64(state: seed)
    var mixed = mixer.next()
    for octet in stream.description.utf8 {
      mixer = SplitMix64(state: mixed ^ UInt64(octet))
      mixed = mixer.next()
    }
    mixer = SplitMix64(state: mixed ^ index)
    self.init(seed: mixer.next())
  }

  /// Creates the generator with this state; for comparison with published vectors.
  ///
  /// - Precondition: Not all four words are zero.
  public init(state: (UInt64, UInt64, UInt64, UInt64)) {
    precondition(state != (0, 0, 0, 0), "xoshiro256** stays at zero for ever")
    (first, second, third, fourth) = state
  }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    let result = Self.rotate(second &* 5, by: 7) &* 9
    let shifted = second << 17
    third ^= first
    fourth ^= second
    second ^= third
    first ^= fourth
    third ^= shifted
    fourth = Self.rotate(fourth, by: 45)
    return result
  }

  /// A number from 0 up to, not including, `bound`, every one as likely; 0 when `bound` is 0.
  ///
  /// By multiplication with rejection (Lemire, ACM TOMACS 29(1), 2019), not by the standard
  /// library's method, which may change from one release to the next.
  public mutating func number(below bound: UInt64) -> UInt64 {
    guard bound > 1 else { return 0 }
    var (high, low) = next().multipliedFullWidth(by: bound)
    if low < bound {
      let threshold = (0 &- bound) % bound
      while low < threshold { (high, low) = next().multipliedFullWidth(by: bound) }
    }
    return high
  }

  /// A number from 0 up to, not including, 1: the upper 53 bits over 2⁵³.
  public mutating func unitInterval() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// True with this probability; 0 and below never, 1 and above always.
  public mutating func chance(_ probability: Double) -> Bool {
    unitInterval() < probability
  }

  private static func rotate(_ word: UInt64, by bits: UInt64) -> UInt64 {
    word << bits | word >> (64 - bits)
  }
}

/// The generator SplitMix64 (Steele, Lea and Flood, OOPSLA 2014), which spreads one word of seed
/// over as many as are wanted.
public struct SplitMix64: RandomNumberGenerator, Hashable, Sendable {
  private var state: UInt64

  /// Creates the generator that starts from `state`.
  public init(state: UInt64) {
    self.state = state
  }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}
