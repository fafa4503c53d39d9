import Wire

extension OptionStory: CustomStringConvertible {
  /// One sentence for a person: what holds, what does not, and what was given up.
  public var description: String {
    guard let latest else { return answer == nil ? "no SYN" : "the SYN was not captured" }
    let plain = [
      (windowScale, "window scaling"), (sack, "SACK"), (timestamps, "timestamps"),
    ]
    let named = { (wanted: Agreement) in plain.filter { $0.0 == wanted }.map(\.1) }
    var clauses: [String] = []
    if answer == nil {
      clauses.append("unanswered offer")
    } else {
      let holds = named(.holds)
      clauses.append(holds.isEmpty ? "nothing but MSS holds" : holds.joined(separator: ", "))
    }
    if !named(.notGranted).isEmpty {
      clauses.append(named(.notGranted).joined(separator: ", ") + " offered, not granted")
    }
    if !named(.unasked).isEmpty {
      clauses.append(named(.unasked).joined(separator: ", ") + " granted without being asked for")
    }
    if ecn != .notOffered { clauses.append(ecn.description) }
    if fastOpen != .notOffered { clauses.append(fastOpen.description) }
    if multipath != .notOffered { clauses.append(multipath.description) }
    clauses += fallbacks.compactMap(\.clause)
    let sizes = [latest.options.maximumSegmentSize, answer?.options.maximumSegmentSize]
      .map { $0.map(String.init) ?? "-" }
    return "MSS " + sizes.joined(separator: "/") + "; " + clauses.joined(separator: "; ")
  }
}

extension OptionStory.Fallback {
  /// What is not said elsewhere.
  var clause: String? {
    switch self {
    case .accurateECN: "accurate ECN given up when unanswered"
    case .ecn: "ECN given up when unanswered"
    case .otherOptions: "timestamps, SACK and scale given up when unanswered"
    case .fastOpen, .multipath: nil
    }
  }
}
