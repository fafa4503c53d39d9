internal import Determinism
internal import FlowControl
internal import LinuxPacketIO

/// One direction of a bad path: packets go in, and come out late, twice, damaged or not at all.
struct ImpairedWay {
  let impairment: Impairment
  /// What the path has done so far.
  var counters = ImpairmentCounters()

  private var chance: SeededGenerator
  private var underWay = EventQueue<Packet>()
  private var copies: [ImpairedCopy] = []

  /// A packet with what its device knew of it.
  struct Packet {
    var octets: [UInt8]
    var facts: ArrivedPacket
  }

  init(_ impairment: Impairment, chance: SeededGenerator) {
    self.impairment = impairment
    self.chance = chance
  }

  /// When the next packet comes out; nil while none is under way.
  var nextDeadline: Instant? { underWay.earliestDue }

  /// Lets a packet in.
  mutating func take(_ octets: [UInt8], _ facts: ArrivedPacket, at now: Instant) {
    copies.removeAll(keepingCapacity: true)
    impairment.decide(packetOf: octets.count, using: &chance, into: &copies)
    if copies.isEmpty { counters.lost += 1 }
    if copies.count > 1 { counters.duplicated += 1 }
    for copy in copies {
      var packet = Packet(octets: octets, facts: facts)
      copy.damage(&packet.octets)
      if copy.turnedBit != nil { counters.corrupted += 1 }
      if copy.delay > impairment.delay { counters.heldBack += 1 }
      underWay.schedule(packet, at: now + copy.delay)
    }
  }

  /// Lets out the next packet that is through by `now`.
  mutating func next(by now: Instant) -> Packet? { underWay.popEarliest(dueBy: now)?.event }
}

/// What a bad path has done to packets, counted.
public struct ImpairmentCounters: Hashable, Sendable {
  /// Packets that never arrived.
  public internal(set) var lost = 0
  /// Packets that arrived twice.
  public internal(set) var duplicated = 0
  /// Copies that later packets could pass.
  public internal(set) var heldBack = 0
  /// Copies with a bit turned over.
  public internal(set) var corrupted = 0

  /// Creates counters at zero.
  public init() {}

  /// Every counter with its name, in a fixed order.
  public var named: [(name: String, count: Int)] {
    [
      ("lost", lost), ("duplicated", duplicated), ("held_back", heldBack),
      ("corrupted", corrupted),
    ]
  }
}
