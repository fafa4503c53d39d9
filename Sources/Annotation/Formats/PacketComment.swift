import CaptureFiles

extension AnnotatedPacket {
  /// The packet's meaning as a comment.
  public var comment: String {
    let meaning = [role.sentence, numbers, states(arrow: " → ")] + remarks + [role.reason]
    return PcapngCommenter.mark + "flow \(flow): " + meaning.joined(separator: "; ")
  }
}

extension AnnotatedFlow {
  /// The flow's verdict, as it stands behind the comment on its last packet.
  var commentEnding: String {
    "; as a whole: " + FlowSummary(isASCII: false).facts(of: self).joined(separator: "; ")
  }
}
