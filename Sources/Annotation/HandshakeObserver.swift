import Determinism
import Wire

/// Somebody who sees segments go by, and says of each what it was and of each flow what became of
/// it.
///
/// It remembers a bounded number of flows, and of each a bounded amount.
public struct HandshakeObserver: Sendable {
  private var table: FlowTable
  private var names: [FlowTable.Name] = []
  /// What is known of every listener; nil when nobody asks, which costs nothing.
  public var listeners: ListenerTable?

  /// How many flows are remembered when nobody says otherwise.
  public static let defaultLimit = 1_000_000

  /// Creates an observer that has seen nothing.
  ///
  /// - Parameters:
  ///   - limit: The most flows to remember at once, at least 1.
  ///   - secret: What keeps strangers from choosing names that all fall on one place of the table;
  ///     no result depends on it.
  public init(limit: Int = Self.defaultLimit, secret: UInt64 = 0) {
    table = FlowTable(limit: limit, secret: secret)
  }

  /// How many flows have begun.
  public var flowCount: Int { table.flowCount }

  /// Takes the next segment, and tells what it meant.
  public mutating func take(_ segment: ObservedSegment) -> AnnotatedPacket {
    let name = table.name(segment.source, segment.destination)
    let (place, _) = place(of: segment, name, mayKeep: false)
    let sender = table.sender(of: name, at: place)
    let number = table.number(at: place)
    let before = circumstances(at: place)
    var packet = table[place].take(segment, from: sender, flow: number)
    packet.place = place
    if let before { tellListeners(segment, as: packet.role, from: sender, at: place, before) }
    return packet
  }

  /// Takes the next segment, when only flows matter: cheaper, and a flow of one SYN takes less
  /// memory.
  public mutating func takeQuietly(_ segment: ObservedSegment) {
    takeQuietly(segment, of: table.name(segment.source, segment.destination))
  }

  /// Takes the next segments as ``takeQuietly(_:)-(ObservedSegment)`` takes one.
  ///
  /// A few dozen at a time are cheapest: what the table knows of them is then fetched from memory
  /// together, not one waiting for the other.
  public mutating func takeQuietly(_ segments: Span<ObservedSegment>) {
    names.removeAll(keepingCapacity: true)
    for index in segments.indices {
      names.append(table.name(segments[index].source, segments[index].destination))
    }
    table.fetch(names)
    for index in segments.indices { takeQuietly(segments[index], of: names[index]) }
  }

  @inline(__always)
  private mutating func takeQuietly(
    _ segment: borrowing ObservedSegment, of name: FlowTable.Name
  ) {
    let (place, isKept) = place(of: segment, name, mayKeep: true)
    guard !isKept else {
      listeners?.noteSyn(segment)
      return
    }
    let sender = table.sender(of: name, at: place)
    let before = circumstances(at: place)
    let role = table[place].step(segment, from: sender).role
    if let before { tellListeners(segment, as: role, from: sender, at: place, before) }
  }

  /// Takes an ICMP error; false when it is about no flow that is remembered.
  public mutating func take(_ error: ObservedError) -> Bool {
    let name = table.name(error.quoted.source, error.quoted.destination)
    guard let place = table.place(of: name) else { return false }
    let syn = table[place].syns.first { $0.number == error.quoted.sequence }
    table[place].rarities.note(
      ICMPNotice(
        frame: error.frame,
        delay: syn.flatMap { syn in error.time.map { $0 - syn.time } },
        synFrame: syn.map { Int($0.frame) },
        reporter: error.reporter ?? error.quoted.destination.address, text: error.text))
    return true
  }

  /// Takes away the flows that had to be forgotten since the last call.
  public mutating func takeForgotten() -> [AnnotatedFlow] {
    table.takeForgotten()
  }

  /// What is known of the flow that `packet` belongs to; nil when it had to be forgotten.
  public func flow(of packet: AnnotatedPacket) -> AnnotatedFlow? {
    table.number(at: packet.place) == packet.flow ? table.flow(at: packet.place) : nil
  }

  /// Hands over all flows that are remembered, the oldest first.
  ///
  /// - Parameters:
  ///   - takeLone: Is offered each flow that is one plain SYN, and tells whether that was enough.
  ///   - body: Takes every other flow.
  public func forEachFlow(
    lone takeLone: (LoneSyn) -> Bool = { _ in false }, _ body: (consuming AnnotatedFlow) -> Void
  ) {
    table.forEachFlow(lone: takeLone, body)
  }

  @inline(__always)
  private mutating func place(
    of segment: borrowing ObservedSegment, _ name: FlowTable.Name, mayKeep: Bool
  ) -> (place: Int, isKept: Bool) {
    let known = table.place(of: name)
    if let known {
      let sender = table.sender(of: name, at: known)
      let isOver =
        segment.flags.contains(.syn) && table[known].isOver(at: segment, from: sender)
      if !isOver { return (known, false) }
    }
    let numbers = listeners == nil ? nil : known.flatMap { table[$0].calledNumbers }
    let begun = table.begin(name, with: segment, replacing: known, mayKeep: mayKeep)
    if listeners != nil {
      if let numbers {
        listeners?.noteNameUsedAgain(by: table.number(at: begun.place), after: numbers)
      }
      if begun.hasForgotten, let flow = table.lastForgotten { listeners?.noteEnd(of: flow) }
    }
    return (begun.place, begun.isKept)
  }
}

/// What the listeners' books are told.
extension HandshakeObserver {
  /// What the segments so far show of every listener; nothing when nobody asked for it.
  public var listenerReport: ListenerReport {
    var books = listeners ?? ListenerTable()
    table.forEachFlow(
      lone: {
        books.noteEnd(of: $0)
        return true
      },
      { books.noteEnd(of: $0) })
    return books.report()
  }

  /// What the flow at `place` is before its next segment; nil when no listener is to be told.
  private mutating func circumstances(at place: Int) -> ListenerStep.Circumstances? {
    listeners == nil ? nil : table[place].circumstances
  }

  private mutating func tellListeners(
    _ segment: ObservedSegment, as role: PacketRole, from sender: FlowEnd, at place: Int,
    _ before: ListenerStep.Circumstances
  ) {
    let number = table.number(at: place)
    let step = table[place].listenerStep(segment, as: role, from: sender, flow: number, before)
    listeners?.note(step, of: segment)
  }
}
