import Determinism
import Wire

/// The flows that are remembered, at most so many: room for another is made by forgetting the
/// oldest that nobody has touched since the last time round ("second chance").
struct FlowTable: Sendable {
  private var index = FlowIndex()
  private var entries = Slab<FlowEntry>()
  private var trackers = Slab<FlowTracker>()
  private var widePairs = Slab<WidePair>()
  private var hand = 0
  private var places: [Int] = []
  /// The sum of what was only fetched, so that nobody leaves the reading out.
  private var fetched: UInt32 = 0
  private var next: UInt32 = 0
  /// When the first segment was captured.
  private var start: Instant?
  /// What had to be forgotten since somebody last took it.
  private var forgotten: [AnnotatedFlow] = []
  private let limit: Int
  private let secret: UInt64

  /// The addresses of a flow over IPv6.
  private struct WidePair: Equatable, Sendable {
    var low: IPAddress
    var high: IPAddress
  }

  /// Creates a table of at most `limit` flows whose hash nobody can aim at without `secret`.
  init(limit: Int, secret: UInt64) {
    self.limit = max(1, limit)
    self.secret = secret
  }

  /// How many flows have begun.
  var flowCount: Int { Int(next) }

  /// A flow's name with what finds it.
  struct Name: Sendable {
    let key: FlowKey
    let hash: UInt32
    let isLowSource: Bool
  }

  func name(_ source: Endpoint, _ destination: Endpoint) -> Name {
    let (key, isLowSource) = FlowKey.of(source, destination)
    return Name(key: key, hash: key.hash(secret), isLowSource: isLowSource)
  }

  /// The place of the latest flow of this name.
  func place(of name: Name) -> Int? {
    index.place(name.hash) { isAt($0, name.key) }
  }

  /// Reads what ``place(of:)`` and ``subscript(_:)`` will want of these names, for nothing but
  /// to have it in the processor's cache: reads that do not hang on each other wait for memory
  /// together.
  mutating func fetch(_ names: [Name]) {
    places.removeAll(keepingCapacity: true)
    for name in names {
      if let place = index.likelyPlace(name.hash) { places.append(place) }
    }
    for place in places { fetched &+= entries[place].tracker }
    for place in places {
      let tracker = entries[place].tracker
      if tracker > 0 { fetched &+= trackers[Int(tracker) - 1].lastFrame }
    }
  }

  private func isAt(_ place: Int, _ key: FlowKey) -> Bool {
    let entry = entries[place]
    guard entry.lowPort == key.low.port, entry.highPort == key.high.port else { return false }
    guard entry.bits.contains(.isWide) else {
      guard case (.v4(let low), .v4(let high)) = (key.low.address, key.high.address) else {
        return false
      }
      return low.rawValue == entry.low && high.rawValue == entry.high
    }
    return widePairs[Int(entry.low)] == WidePair(low: key.low.address, high: key.high.address)
  }

  /// Who sends a segment of this name to the flow at `place`.
  func sender(of name: Name, at place: Int) -> FlowEnd {
    entries[place].bits.contains(.isLowClient) == name.isLowSource ? .client : .server
  }

  func number(at place: Int) -> Int { Int(entries[place].number) }

  /// Begins a flow with its first segment, which is only kept, or not even that.
  ///
  /// - Returns: Its place, whether the segment is kept in it, and whether another flow had to be
  ///   forgotten for it.
  mutating func begin(
    _ name: Name, with segment: borrowing ObservedSegment, replacing earlier: Int?, mayKeep: Bool
  ) -> (place: Int, isKept: Bool, hasForgotten: Bool) {
    var room: Int?
    var earlier = earlier
    if entries.count >= limit {
      let place = placeToForget()
      forgotten.append(flow(at: place))
      remove(place)
      if earlier == place { earlier = nil }
      room = place
    }
    var entry = newEntry(name, isFromClient: !segment.isSynAck)
    let start = start ?? segment.time
    self.start = start
    let isKept = mayKeep && entry.keep(segment, since: start)
    if !isKept { entry.tracker = place(for: FlowTracker(first: segment)) }
    let place: Int
    if let room {
      entries[room] = entry
      place = room
    } else {
      place = entries.insert(entry)
    }
    if let earlier {
      index.replace(name.hash, place: earlier, by: place)
    } else {
      index.insert(name.hash, place: place)
    }
    return (place, isKept, room != nil)
  }

  private mutating func place(for tracker: FlowTracker) -> UInt32 {
    UInt32(truncatingIfNeeded: trackers.insert(tracker) + 1)
  }

  private mutating func newEntry(_ name: Name, isFromClient: Bool) -> FlowEntry {
    var bits: FlowEntry.Bits = .isLive
    if name.isLowSource == isFromClient { bits.insert(.isLowClient) }
    let ports = (name.key.low.port, name.key.high.port)
    defer { next &+= 1 }
    switch (name.key.low.address, name.key.high.address) {
    case (.v4(let low), .v4(let high)):
      return FlowEntry(
        low: low.rawValue, high: high.rawValue, ports: ports, number: next, bits: bits)
    case (let low, let high):
      bits.insert(.isWide)
      let place = widePairs.insert(WidePair(low: low, high: high))
      return FlowEntry(
        low: UInt32(truncatingIfNeeded: place), high: 0, ports: ports, number: next, bits: bits)
    }
  }

  /// Takes away what had to be forgotten since the last call.
  mutating func takeForgotten() -> [AnnotatedFlow] {
    guard !forgotten.isEmpty else { return [] }
    defer { forgotten = [] }
    return forgotten
  }

  /// The flow that was forgotten last; nil when it has been taken away.
  var lastForgotten: AnnotatedFlow? { forgotten.last }

  /// The tracker of the flow at `place`, which is made now if it was one SYN so far.
  subscript(place: Int) -> FlowTracker {
    @inline(__always) mutating get { trackers[trackerPlace(at: place)] }
    @inline(__always) _modify { yield &trackers[trackerPlace(at: place)] }
  }

  @inline(__always)
  private mutating func trackerPlace(at place: Int) -> Int {
    entries[place].bits.insert(.isTouched)
    if entries[place].tracker == 0 { entries[place].tracker = self.place(for: opened(at: place)) }
    return Int(entries[place].tracker) - 1
  }

  /// The tracker of a flow that is one SYN so far.
  private func opened(at place: Int) -> FlowTracker {
    let (client, server) = ends(at: place)
    let entry = entries[place]
    let segment = entry.keptSegment(from: client, to: server, since: start ?? .zero)
    return FlowTracker(taking: segment)
  }

  private func ends(at place: Int) -> (client: Endpoint, server: Endpoint) {
    let entry = entries[place]
    let pair =
      entry.bits.contains(.isWide)
      ? widePairs[Int(entry.low)]
      : WidePair(
        low: .v4(IPv4Address(rawValue: entry.low)), high: .v4(IPv4Address(rawValue: entry.high)))
    let low = Endpoint(pair.low, port: entry.lowPort)
    let high = Endpoint(pair.high, port: entry.highPort)
    return entry.bits.contains(.isLowClient) ? (low, high) : (high, low)
  }

  /// What is known of the flow at `place`.
  func flow(at place: Int) -> AnnotatedFlow {
    let entry = entries[place]
    let (client, server) = ends(at: place)
    return AnnotatedFlow(
      number: Int(entry.number), client: client, server: server,
      tracker: entry.tracker == 0 ? opened(at: place) : trackers[Int(entry.tracker) - 1])
  }

  /// Goes round until a flow has not been touched since the last time.
  private mutating func placeToForget() -> Int {
    while entries[hand].bits.contains(.isTouched) {
      entries[hand].bits.remove(.isTouched)
      hand = (hand + 1) % entries.count
    }
    defer { hand = (hand + 1) % entries.count }
    return hand
  }

  private mutating func remove(_ place: Int) {
    let (client, server) = ends(at: place)
    index.remove(FlowKey.of(client, server).key.hash(secret), place: place)
    let entry = entries[place]
    if entry.tracker != 0 { trackers.remove(Int(entry.tracker) - 1) }
    if entry.bits.contains(.isWide) { widePairs.remove(Int(entry.low)) }
  }

  /// Hands over all flows that are remembered, the oldest first.
  ///
  /// - Parameters:
  ///   - takeLone: Is offered each flow that is one plain SYN, and tells whether that was enough.
  ///   - body: Takes every other flow.
  func forEachFlow(lone takeLone: (LoneSyn) -> Bool, _ body: (consuming AnnotatedFlow) -> Void) {
    for step in 0..<entries.count {
      let place = (hand + step) % entries.count
      if entries[place].tracker == 0, takeLone(loneSyn(at: place)) { continue }
      body(flow(at: place))
    }
  }

  private func loneSyn(at place: Int) -> LoneSyn {
    let (client, server) = ends(at: place)
    return LoneSyn(
      number: Int(entries[place].number), client: client, server: server,
      frame: entries[place].keptFrame, sequence: entries[place].keptNumber,
      time: entries[place].keptTime(since: start ?? .zero))
  }
}
