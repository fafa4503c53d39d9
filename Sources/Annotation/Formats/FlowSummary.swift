import Determinism
import Wire

/// What several formats say of a flow, in the same words.
struct FlowSummary {
  let isASCII: Bool

  func ends(of flow: AnnotatedFlow) -> String {
    "\(flow.client) (client) \(isASCII ? "->" : "→") \(flow.server) (server)"
  }

  /// The verdict, and whatever else is known, one clause each.
  func facts(of flow: AnnotatedFlow) -> [String] {
    var facts = [verdict(of: flow)]
    if let timing = flow.timing.words { facts.append(timing) }
    if let agreed = flow.agreement { facts.append("agreed: \(agreed.words)") }
    facts += flow.optionNews
    if flow.synCount > 1 { facts.append("\(flow.synCount) SYNs\(words(flow.synBackoff))") }
    if flow.synAckCount > 1 {
      facts.append("\(flow.synAckCount) SYN-ACKs\(words(flow.synAckBackoff))")
    }
    if flow.basis == .guess { facts.append("which end is the client is a guess") }
    for end in flow.resetSenders where flow.verdict != .refused {
      facts.append("reset by the \(end.rawValue)")
    }
    facts += flow.notices
    if flow.place.place != .unknown { facts.append(flow.place.description) }
    if let stamp = flow.stamp { facts.append("stamp \(stamp.seconds) = \(stamp.date)") }
    return facts
  }

  private func words(_ backoff: BackoffReading?) -> String {
    backoff.map { ": \($0)" } ?? ""
  }

  private func verdict(of flow: AnnotatedFlow) -> String {
    let frames = flow.evidence.map { "\($0)" }.joined(separator: ", ")
    return flow.verdict.sentence + " (\(flow.confidence.rawValue), by frame"
      + (flow.evidence.count == 1 ? " " : "s ") + frames + ")"
  }
}

extension AnnotatedFlow {
  /// What happened beside the handshake, one clause each.
  var notices: [String] {
    var notices: [String] = []
    if isLate { notices.append("the capture began late: the SYN is not in it") }
    for kind in FlowOccurrence.Kind.allCases {
      let frames = occurrences.filter { $0.kind == kind }.map { "\($0.frame)" }
      guard !frames.isEmpty else { continue }
      notices.append(
        "\(words(for: kind)) (frame\(frames.count == 1 ? "" : "s") "
          + frames.joined(separator: ", ") + ")")
    }
    notices += icmpErrors.map { notice in
      let delay = notice.delay.map { ", \($0.inWords) after the SYN of frame" } ?? ""
      return "ICMP from \(notice.reporter) in frame \(notice.frame): \(notice.text)"
        + delay + (notice.synFrame.map { " \($0)" } ?? "")
    }
    return notices
  }

  /// Whether the SYN was sent before the capture began.
  var isLate: Bool { syns.isEmpty && (verdict.isEstablished || verdict == .oneDirectionOnly) }

  private func words(for kind: FlowOccurrence.Kind) -> String {
    switch kind {
    case .challengeAck: "challenge ACK of an older connection"
    case .challengeAnswered: "which a reset ended"
    case .otherNumber: otherNumberWords
    case .oldDuplicate: "old duplicate of an earlier connection"
    case .resetIgnored: "reset outside the window, which ends nothing"
    case .resetChallenged: "reset inside the window but not at its edge, which ends nothing"
    case .corrupt: "wrong checksum"
    case .duplicate:
      "\(duplicateCount) frame\(duplicateCount == 1 ? "" : "s") captured twice, not sent twice"
    case .outOfOrder: "stands behind a later packet in the file"
    case .headerCut: "TCP header cut: flags and numbers are guesses"
    case .synAckAgain: "SYN-ACK again after the client's ACK"
    }
  }

  private var otherNumberWords: String {
    let words = "second SYN-ACK with another initial sequence number"
    guard let completion = tracker.completion, let number = serverNumber,
      let place = synAcks.firstIndex(where: { $0.number == number })
    else { return words + ", neither was acknowledged" }
    return words + "; frame \(completion.frame) acknowledged the one of frame "
      + "\(synAcks[place].frame)"
  }
}
