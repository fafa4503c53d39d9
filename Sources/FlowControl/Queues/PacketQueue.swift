/// First in, first out, in constant time on average.
struct PacketQueue<Element: Sendable>: Sendable {
  private var elements: [Element?] = []
  private var start = 0

  /// How many wait.
  var count: Int { elements.count - start }

  /// The one that has waited longest.
  var first: Element? { start < elements.count ? elements[start] : nil }

  mutating func append(_ element: Element) { elements.append(element) }

  mutating func popFirst() -> Element? {
    guard start < elements.count else { return nil }
    let element = elements[start]
    elements[start] = nil
    start += 1
    // Half of the array at least is empty: moving the rest is paid for by those who left.
    if start > 32, start * 2 > elements.count {
      elements.removeFirst(start)
      start = 0
    }
    return element
  }

  /// Puts `element` in the place of the one that has waited longest but for `place` others, and that
  /// one out: those behind it move up, and `element` is the last.
  mutating func replace(at place: Int, with element: Element) -> Element? {
    let gone = elements.remove(at: start + place)
    elements.append(element)
    return gone
  }
}
