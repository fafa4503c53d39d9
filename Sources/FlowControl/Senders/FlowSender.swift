public import Determinism

/// The sending end of a flow: decides which packet may leave when, and which must leave again.
///
/// A value without a clock, a socket or chance of its own, driven in virtual time by the simulator
/// and in real time by a UDP transfer. Packets are numbered from 0 and of equal length; what is in
/// them is the driver's business.
///
/// A driver asks for a packet whenever its interface can take one, rather than being handed all that
/// the window allows: a sender's time-outs then begin when a packet really leaves.
public protocol FlowSender: Sendable {
  /// Tells that the application has handed over `packets` packets altogether; never fewer than
  /// before.
  mutating func offer(_ packets: Int)

  /// Takes the packet that is to leave now; nil when none may.
  mutating func nextPacket(at now: Instant) -> Transmission?

  /// Takes in what the receiver says.
  mutating func receive(_ acknowledgment: Acknowledgment, at now: Instant)

  /// Does what is due: time-outs that have passed by `now`.
  mutating func advance(to now: Instant)

  /// When ``advance(to:)`` or ``nextPacket(at:)`` may have something to do though nothing has come;
  /// nil when never.
  var nextDeadline: Instant? { get }

  /// The number below which everything is known to have arrived.
  var acknowledged: Int { get }

  /// How many packets may be under way at once at the moment, for charts.
  var window: Double { get }

  /// What it has done so far.
  var counters: SenderCounters { get }
}

/// One packet on its way into the interface.
public struct Transmission: Hashable, Sendable {
  /// The packet's number, from 0.
  public var number: Int
  /// Its place among all that were sent, from 1, which the receiver tells back.
  public var serial: Int
  /// Whether it has been sent before.
  public var isRepeated: Bool

  /// Creates a transmission.
  public init(number: Int, serial: Int, isRepeated: Bool) {
    self.number = number
    self.serial = serial
    self.isRepeated = isRepeated
  }
}

/// What a receiver tells a sender.
public struct Acknowledgment: Hashable, Sendable {
  /// The number below which every packet has arrived.
  public var next: Int
  /// The number of the packet that was the last to arrive.
  public var latest: Int
  /// The serial of the transmission in which that came.
  ///
  /// A number alone does not tell which of two copies arrived; a sender that guesses takes packets
  /// for lost that are not, and whatever it repeats for nothing makes it guess again.
  public var serial: Int

  /// Creates an acknowledgment.
  public init(next: Int, latest: Int, serial: Int) {
    self.next = next
    self.latest = latest
    self.serial = serial
  }
}

/// What a sender has done.
public struct SenderCounters: Hashable, Sendable {
  /// Packets sent, repeated ones included.
  public var sent = 0
  /// Packets sent again.
  public var repeated = 0
  /// Times that a packet was taken for lost because no acknowledgment came in time.
  public var timeouts = 0
  /// Times that a packet was taken for lost because later ones had arrived.
  public var earlyDetections = 0

  /// Creates counters at zero.
  public init() {}
}
