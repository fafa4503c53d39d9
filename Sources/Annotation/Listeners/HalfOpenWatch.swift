import Determinism

/// How many half-open connections a server can be holding, counted by the second in which the last
/// of each must be gone.
///
/// A count for each of the coming 256 seconds, whatever the number of connections: who knows when an
/// entry would have died can take it out again without a list of entries.
struct HalfOpenWatch: Hashable, Sendable {
  /// How many are held.
  private(set) var count = 0
  /// The second that the watch has come to, since 1970.
  private var second: Int64 = -1 << 40
  /// How many die with each second, by the second's remainder; empty before the first.
  private var dying: [UInt32] = []

  private static let span: Int64 = 256

  /// The second in which `time` lies, since 1970.
  static func second(of time: Instant) -> Int64 {
    let (quotient, rest) = time.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    return rest < 0 ? quotient - 1 : quotient
  }

  /// Lets time go on to `time`; an earlier one changes nothing.
  ///
  /// - Returns: How many died.
  mutating func advance(to time: Instant) -> Int {
    let next = Self.second(of: time)
    guard next > second else { return 0 }
    defer { second = next }
    guard count > 0 else { return 0 }
    var died = 0
    for passed in 0..<min(next &- second, Self.span) {
      let place = Self.place(of: second &+ passed)
      died += Int(dying[place])
      dying[place] = 0
    }
    count -= died
    return died
  }

  /// Counts an entry that lives to the end of the second in which `last` lies, at most 255 s from
  /// now.
  ///
  /// - Returns: Whether it is alive at all.
  mutating func enter(until last: Instant) -> Bool {
    let end = Self.second(of: last)
    guard end >= second else { return false }
    if dying.isEmpty { dying = [UInt32](repeating: 0, count: Int(Self.span)) }
    count += 1
    dying[Self.place(of: min(end, second &+ Self.span - 1))] &+= 1
    return true
  }

  /// Takes an entry out before its time.
  ///
  /// - Parameter last: What it was entered with.
  /// - Returns: Whether it was still there.
  mutating func leave(until last: Instant) -> Bool {
    let end = Self.second(of: last)
    guard end >= second, !dying.isEmpty else { return false }
    let place = Self.place(of: min(end, second &+ Self.span - 1))
    guard dying[place] > 0 else { return false }
    dying[place] -= 1
    count -= 1
    return true
  }

  /// How many of those that are held would live to `time` at least.
  func count(livingTo time: Instant) -> Int {
    guard count > 0 else { return 0 }
    let first = max(Self.second(of: time), second)
    guard first - second < Self.span else { return 0 }
    return (first..<second &+ Self.span).reduce(0) { $0 + Int(dying[Self.place(of: $1)]) }
  }

  private static func place(of second: Int64) -> Int {
    Int(second & (span - 1))
  }
}
