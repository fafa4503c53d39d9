import Wire

/// That bytes and values say the same.
enum WireForms {
  /// S25.
  static let bytesAndValuesAgree = Property(
    "S25", "Every segment is read as it was written, and no bytes whatever stop the reader.",
    source: "RFC 9293 §3.1 and §3.2; RFC 7323; RFC 2018; RFC 791; RFC 8200"
  ) { (choices) throws(CaseEnd) in
    var segment = try choices.segment(on: try choices.tupleAtListener())
    segment.options.others = try otherOptions(&choices)
    choices.note("\(EventText.segment(segment)), \(EventText.options(segment.options))")
    guard var packet = write(segment) else { throw .rejected }
    try require(read(packet) == segment, "the packet is not read as it was written")
    if try choices.chance(3, in: 4) { try damage(&packet, &choices) }
    if try choices.chance(1, in: 4) { packet = try choices.octets(upTo: 120) }
    choices.note("bytes \(packet.map { String($0, radix: 16) }.joined(separator: " "))")
    // Read as every kind of frame, for what follows must not be a trap.
    for linkType in linkTypes { _ = try? DecodedFrame(parsing: packet.span, linkType: linkType) }
    guard let found = read(packet), let canonical = write(found) else { return }
    try require(read(canonical) == found, "the canonical form is read differently")
    try require(
      write(found) == canonical, "one segment has two canonical forms")
  }

  private static let linkTypes: [LinkType] = [
    .ethernet, .raw, .linuxSLL, .linuxSLL2, .null, .loop, .ipv4, .ipv6,
  ]

  private static func write(_ segment: Segment) -> [UInt8]? { try? segment.packet() }

  private static func read(_ packet: [UInt8]) -> Segment? {
    (try? DecodedFrame(parsing: packet.span, linkType: .raw))?.segment(in: packet.span)
  }

  private static func otherOptions(_ choices: inout Choices) throws(CaseEnd) -> [TCPOption] {
    try choices.list(upTo: 2) { (choices) throws(CaseEnd) in
      switch try choices.number(in: 0...2) {
      case 0: .fastOpen(cookie: try choices.octets(upTo: 8))
      case 1:
        .sack([
          SACKBlock(
            leftEdge: try choices.sequenceNumber(), rightEdge: try choices.sequenceNumber())
        ])
      default:
        .unknown(
          kind: try choices.element(of: [253, 254, 6, 9, 69]), octets: try choices.octets(upTo: 6))
      }
    }
  }

  /// Changes some octets, or cuts the packet off.
  private static func damage(
    _ packet: inout [UInt8], _ choices: inout Choices
  ) throws(CaseEnd) {
    for place in try choices.list(
      upTo: 4,
      { (choices) throws(CaseEnd) in
        try choices.number(in: 0...packet.count - 1)
      })
    {
      packet[place] = UInt8(truncatingIfNeeded: try choices.choice(upTo: 255))
    }
    if try choices.chance(1, in: 3) {
      packet.removeLast(try choices.number(in: 0...packet.count))
    }
  }
}
