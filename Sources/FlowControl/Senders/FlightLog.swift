import Determinism

/// When each packet of the window last left, and how often it has: a ring over packet numbers.
struct FlightLog: Sendable {
  struct Flight: Sendable {
    var sentAt = Instant.zero
    var times = 0
    var isAcknowledged = false
    /// The place of the last transmission among all, from 1.
    var serial = 0
  }

  private var ring: [Flight]
  private let mask: Int

  /// Creates a log for at least `span` neighbouring numbers.
  init(span: Int) {
    var size = 1
    while size < span { size *= 2 }
    ring = Array(repeating: Flight(), count: size)
    mask = size - 1
  }

  subscript(_ number: Int) -> Flight {
    get { ring[number & mask] }
    set { ring[number & mask] = newValue }
  }

  /// Notes a transmission, and tells whether it is a repeated one.
  mutating func note(_ number: Int, at now: Instant, serial: Int = 0) -> Bool {
    ring[number & mask].sentAt = now
    ring[number & mask].times += 1
    ring[number & mask].serial = serial
    return ring[number & mask].times > 1
  }

  /// Makes room for the packet that has the place of `number` next.
  mutating func forget(_ number: Int) { ring[number & mask] = Flight() }
}
