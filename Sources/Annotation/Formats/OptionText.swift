import Wire

extension TCPOptions {
  /// The options in words: `MSS 1460, window scale 7, SACK, timestamps 100/0`; empty without any.
  var words: String { clauses.joined(separator: ", ") }

  /// The options, one clause each.
  var clauses: [String] {
    var words: [String] = []
    if let maximumSegmentSize { words.append("MSS \(maximumSegmentSize)") }
    if let windowScale { words.append("window scale \(windowScale)") }
    if sackPermitted { words.append("SACK permitted") }
    if let timestamps { words.append("timestamps \(timestamps.value)/\(timestamps.echoReply)") }
    for option in others { words.append(option.words) }
    return words
  }
}

extension TCPOption {
  fileprivate var words: String {
    switch self {
    case .sack(let blocks):
      "SACK of "
        + blocks.map { "\($0.leftEdge.rawValue)-\($0.rightEdge.rawValue)" }
        .joined(separator: " ")
    case .fastOpen(let cookie):
      cookie.isEmpty ? "Fast Open cookie request" : "Fast Open cookie of \(cookie.count) octets"
    case .unknown(let kind, let octets):
      "kind \(kind) of \(octets.count) octets"
    }
  }
}

extension NegotiatedOptions {
  /// What holds, in words.
  var words: String {
    let scale =
      windowScale.map { "window scale \($0.client) (client) and \($0.server) (server)" }
      ?? "no window scale"
    return [
      "MSS \(segmentSizeToServer) to the server, \(segmentSizeToClient) to the client", scale,
      sack ? "SACK" : "no SACK", timestamps ? "timestamps" : "no timestamps",
    ]
    .joined(separator: ", ")
  }
}

extension AnnotatedPacket {
  /// Sequence number, acknowledgment, window and length, relative with raw ones in brackets.
  var numbers: String { numberClauses.joined(separator: ", ") }

  /// The numbers, one clause each.
  var numberClauses: [String] {
    var clauses = ["seq \(relativeSequence) (\(segment.sequence.rawValue))"]
    if let relativeAcknowledgment {
      clauses.append("ack \(relativeAcknowledgment) (\(segment.acknowledgment.rawValue))")
    }
    clauses.append("win \(segment.window)")
    if segment.dataLength > 0 { clauses.append("len \(segment.dataLength)") }
    return clauses
  }

  /// What else is to be said: a stamp, a cut, a wrong checksum.
  var remarks: [String] {
    var remarks: [String] = []
    if let stamp = segment.stamp { remarks.append("stamp \(stamp.seconds) = \(stamp.date)") }
    if isOutOfOrder { remarks.append("earlier than the packet before it in the file") }
    switch segment.optionsEnding {
    case .complete: break
    case .cut: remarks.append("the capture cut the options")
    case .malformed: remarks.append("the options are malformed")
    }
    switch segment.checksum {
    case .wrong: remarks.append("checksum \(segment.checksum)")
    case .good, .partial, .absent, .uncheckable: break
    }
    return remarks
  }
}

extension StateStep {
  /// `before → after`, one name where nothing changes, `?` for what is not known.
  func words(arrow: String) -> String {
    before == after ? before.name : before.name + arrow + after.name
  }
}
