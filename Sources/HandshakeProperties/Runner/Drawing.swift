/// What is drawn most often; each built so that the simplest value is the one for choices of 0.
extension Choices {
  /// Draws a number from `range`, its lower end the simplest.
  public mutating func number(in range: ClosedRange<Int>) throws(CaseEnd) -> Int {
    let width = UInt64(bitPattern: Int64(range.upperBound) &- Int64(range.lowerBound))
    return range.lowerBound &+ Int(truncatingIfNeeded: try choice(upTo: width))
  }

  /// Draws one of `elements`, the first the simplest.
  ///
  /// - Precondition: There is one.
  public mutating func element<Element>(of elements: [Element]) throws(CaseEnd) -> Element {
    elements[try number(in: 0...elements.count - 1)]
  }

  /// Draws one of `edges`, the first the simplest, or in one of `edges.count + 1` cases anything up
  /// to `bound`: faults live at edges.
  public mutating func edge(
    of edges: [UInt32], orUpTo bound: UInt32 = .max
  ) throws(CaseEnd) -> UInt32 {
    let index = try number(in: 0...edges.count)
    return index < edges.count
      ? edges[index] : UInt32(truncatingIfNeeded: try choice(upTo: UInt64(bound)))
  }

  /// Draws up to `limit` elements; before each there is a choice whether there is one more.
  ///
  /// Taking that choice and the element's own out of the sequence takes out just that element.
  public mutating func list<Element>(
    upTo limit: Int, _ draw: (inout Choices) throws(CaseEnd) -> Element
  ) throws(CaseEnd) -> [Element] {
    var elements: [Element] = []
    while elements.count < limit, try chance(UInt64(limit), in: UInt64(limit) + 1) {
      elements.append(try draw(&self))
    }
    return elements
  }

  /// Draws up to `limit` octets.
  public mutating func octets(upTo limit: Int) throws(CaseEnd) -> [UInt8] {
    try list(upTo: limit) { (choices) throws(CaseEnd) in
      UInt8(truncatingIfNeeded: try choices.choice(upTo: 255))
    }
  }
}
