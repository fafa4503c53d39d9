public import Determinism

/// What a bad path does to packets, each by itself: a value that a simulated link, a UDP socket and a
/// raw one can all apply.
///
/// It decides and nothing more: whoever carries the packets asks for their fates, and delays, repeats
/// and damages them accordingly. All chance comes in as an argument.
public struct Impairment: Hashable, Sendable {
  /// The share of packets that never arrive, from 0 to 1.
  public var loss = 0.0
  /// The share of the packets that are not lost that arrive twice, from 0 to 1.
  public var duplicate = 0.0
  /// The share of copies that are held back by ``hold``, so that later ones pass them; from 0 to 1.
  public var reorder = 0.0
  /// The share of copies with one bit turned over, from 0 to 1.
  public var corrupt = 0.0
  /// What every copy takes longer.
  public var delay = Nanoseconds.zero
  /// What a copy that is held back takes longer still.
  public var hold = Nanoseconds.milliseconds(2)

  /// Creates a path that leaves every packet alone.
  public init() {}

  /// Whether it leaves every packet alone.
  public var isNothing: Bool {
    loss == 0 && duplicate == 0 && reorder == 0 && corrupt == 0 && delay == .zero
  }

  /// Decides what becomes of one packet.
  ///
  /// Every packet takes as many draws as any other with the same end, whatever the shares: so runs of
  /// one seed that differ in the damage alone lose the same packets.
  ///
  /// - Parameters:
  ///   - octets: The packet's length; one without octets cannot be damaged.
  ///   - chance: Where chance comes from.
  ///   - copies: Where the copies that arrive are appended: none, one or two.
  public func decide(
    packetOf octets: Int, using chance: inout SeededGenerator, into copies: inout [ImpairedCopy]
  ) {
    let isLost = chance.chance(loss)
    let isDoubled = chance.chance(duplicate)
    guard !isLost else { return }
    copies.append(copy(of: octets, using: &chance))
    if isDoubled { copies.append(copy(of: octets, using: &chance)) }
  }

  private func copy(of octets: Int, using chance: inout SeededGenerator) -> ImpairedCopy {
    let isHeldBack = chance.chance(reorder)
    let isDamaged = chance.chance(corrupt)
    let bit = chance.number(below: UInt64(max(1, octets)) * 8)
    return ImpairedCopy(
      delay: isHeldBack ? delay + hold : delay,
      turnedBit: isDamaged && octets > 0 ? Int(bit) : nil)
  }
}

/// One copy of a packet that passed an ``Impairment``.
public struct ImpairedCopy: Hashable, Sendable {
  /// How much later it goes on than it came.
  public var delay: Nanoseconds
  /// The bit that is turned over, counted from the first octet's highest; nil when it is sound.
  public var turnedBit: Int?

  /// Creates a copy.
  public init(delay: Nanoseconds, turnedBit: Int? = nil) {
    self.delay = delay
    self.turnedBit = turnedBit
  }

  /// Turns the bit over in `octets`, if there is one to turn.
  public func damage(_ octets: inout [UInt8]) {
    guard let turnedBit, turnedBit / 8 < octets.count else { return }
    octets[turnedBit / 8] ^= 0x80 >> UInt8(turnedBit % 8)
  }
}
