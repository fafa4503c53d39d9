import Wire

/// The ends and segments met so far, each once and by number, and what the one does when it gets the
/// other.
///
/// Joint states are many, ends and segments few: the real machine is asked once for each pair, and a
/// joint state is a handful of numbers.
struct EndTable {
  /// What an end does about an input.
  struct Reaction {
    /// The end that it is then.
    let next: UInt16
    /// The segments that it sends.
    let sent: [UInt8]
    let breaches: Breaches
  }

  /// Whether there were more ends or segments than there are numbers; what followed is not to be
  /// relied on.
  private(set) var hasOutgrownNumbers = false
  /// What is seen of each end.
  private(set) var views: [EndView] = []
  /// The segments; 0 is none.
  private(set) var segments: [Segment?] = [nil]
  private var ends: [ExploredEnd] = []
  private var endNumbers: [EndKey: UInt16] = [:]
  private var segmentNumbers: [Segment: UInt8] = [:]
  private var reactions: [Reaction] = []
  /// For each end and each input the number of the reaction; −1 for not yet asked.
  private var known: [Int32] = []

  private static let inputs = 256 + 4

  mutating func number(of end: ExploredEnd) -> UInt16 {
    let key = end.key
    if let number = endNumbers[key] { return number }
    guard ends.count <= Int(UInt16.max) else {
      hasOutgrownNumbers = true
      return 0
    }
    let number = UInt16(ends.count)
    endNumbers[key] = number
    ends.append(end)
    views.append(end.view)
    known += [Int32](repeating: -1, count: Self.inputs)
    return number
  }

  mutating func number(of segment: Segment) -> UInt8 {
    if let number = segmentNumbers[segment] { return number }
    guard segments.count <= Int(UInt8.max) else {
      hasOutgrownNumbers = true
      return 1
    }
    let number = UInt8(segments.count)
    segmentNumbers[segment] = number
    segments.append(segment)
    return number
  }

  /// What `end` does when it gets the segment of number `segment`.
  mutating func reaction(of end: UInt16, to segment: UInt8) -> Reaction {
    guard let received = segments[Int(segment)] else {
      return Reaction(next: end, sent: [], breaches: [])
    }
    return reaction(of: end, to: .segment(received), place: Int(segment))
  }

  /// What `end` does about what is no segment.
  mutating func reaction(of end: UInt16, to input: EndInput) -> Reaction {
    switch input {
    case .segment(let segment): reaction(of: end, to: number(of: segment))
    case .timer: reaction(of: end, to: input, place: 256)
    case .write: reaction(of: end, to: input, place: 257)
    case .close: reaction(of: end, to: input, place: 258)
    case .crash: reaction(of: end, to: input, place: 259)
    }
  }

  private mutating func reaction(of end: UInt16, to input: EndInput, place: Int) -> Reaction {
    let index = Int(end) * Self.inputs + place
    if known[index] >= 0 { return reactions[Int(known[index])] }
    let (next, sent, breaches) = ends[Int(end)].after(input)
    let reaction = Reaction(
      next: number(of: next), sent: sent.map { number(of: $0) }, breaches: breaches)
    known[index] = Int32(reactions.count)
    reactions.append(reaction)
    return reaction
  }
}
