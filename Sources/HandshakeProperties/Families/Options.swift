import Determinism
import Handshake
import Wire

/// What two ends agree on in their SYNs.
enum Options {
  /// S20.
  static let onlyWhatBothOffer = Property(
    "S20",
    "A SYN-ACK repeats only options that both ends offer, echoes the SYN's clock, scales nothing.",
    source: "RFC 7323 §2.2, §2.3 and §3.2; RFC 2018 §2"
  ) { (choices) throws(CaseEnd) in
    let settings = try choices.stackSettings()
    let tuple = try choices.tupleAtListener()
    let syn = Segment(
      from: tuple.peer, to: tuple.local, .syn, sequence: try choices.sequenceNumber(),
      window: UInt16(truncatingIfNeeded: try choices.choice(upTo: 65_535)),
      options: try choices.synOptions())
    choices.note("the SYN offers \(EventText.options(syn.options))")
    choices.note(
      "the other end offers MSS \(settings.maximumSegmentSize ?? 0), window scale "
        + "\(settings.windowScale.map(String.init) ?? "none"), SACK \(settings.offersSack), "
        + "timestamps \(settings.offersTimestamps), a window of \(settings.receiveWindow)")
    try checkListener(syn, settings: settings, choices: &choices)
    try checkActiveOpener(syn, settings: settings, choices: &choices)
  }

  private static func checkListener(
    _ syn: Segment, settings: StackSettings, choices: inout Choices
  ) throws(CaseEnd) {
    let mitigation = try choices.element(of: [Mitigation.pool, .cookies, .hybrid])
    var listenerSettings = ListenerSettings(mitigation: mitigation, backlog: 1)
    listenerSettings.stack = settings
    var flooded = FloodedListener(
      at: syn.destination, settings: listenerSettings, secrets: try choices.secrets())
    guard let synAck = flooded.receive(syn).answers.first else {
      throw .violated("the SYN was not answered")
    }
    choices.note("\(mitigation.rawValue): the SYN-ACK says \(EventText.options(synAck.options))")
    try checkSynAck(synAck, to: syn, settings: settings, keepsOptions: mitigation == .pool)
    let final = Segment(
      from: syn.source, to: syn.destination, .ack, sequence: syn.sequence + 1,
      acknowledgment: synAck.sequence + 1)
    _ = flooded.receive(final)
    guard let agreement = flooded.listener.connection(syn.tupleAtReceiver)?.agreement else {
      throw .violated("the final ACK did not complete the handshake")
    }
    try checkAgreement(agreement, seals: synAck, syn: syn)
  }

  private static func checkActiveOpener(
    _ syn: Segment, settings: StackSettings, choices: inout Choices
  ) throws(CaseEnd) {
    var sent: [Segment] = []
    var connection = Connection(
      opening: syn.tupleAtReceiver, numbers: try choices.numbers(), settings: settings,
      at: .zero, into: &sent)
    connection.receive(syn, at: .zero, into: &sent)
    try require(sent.map(\.flags) == [.syn, [.syn, .ack]], "not a SYN and a SYN-ACK were sent")
    try require(
      sent[0].window == UInt16(clamping: settings.receiveWindow), "the SYN's window is scaled")
    try require(
      sent[0].options.timestamps.map { $0.echoReply == 0 } ?? true, "the SYN echoes a clock")
    try checkSynAck(sent[1], to: syn, settings: settings, keepsOptions: true)
    try checkAgreement(connection.agreement, seals: sent[1], syn: syn)
  }

  private static func checkSynAck(
    _ synAck: Segment, to syn: Segment, settings: StackSettings, keepsOptions: Bool
  ) throws(CaseEnd) {
    let options = synAck.options
    let bothScale = syn.options.windowScale != nil && settings.windowScale != nil
    try require(
      (options.windowScale != nil) == (keepsOptions && bothScale), "window scale is not as offered")
    try require((options.windowScale ?? 0) <= 14, "the shift is \(options.windowScale ?? 0)")
    try require(
      options.sackPermitted
        == (keepsOptions && syn.options.sackPermitted && settings.offersSack),
      "SACK-permitted is not as offered")
    try require(
      (options.timestamps != nil)
        == (keepsOptions && syn.options.timestamps != nil && settings.offersTimestamps),
      "timestamps are not as offered")
    try require(
      options.timestamps.map { $0.echoReply == syn.options.timestamps?.value } ?? true,
      "TSecr is not the SYN's TSval")
    try require(
      synAck.window == UInt16(clamping: settings.receiveWindow), "the SYN-ACK's window is scaled")
  }

  private static func checkAgreement(
    _ agreement: OptionAgreement, seals synAck: Segment, syn: Segment
  ) throws(CaseEnd) {
    try require(
      agreement.receiveShift == synAck.options.windowScale,
      "this end shifts by \(agreement.receiveShift ?? 0), which the SYN-ACK does not say")
    let expectedShift =
      synAck.options.windowScale == nil ? 0 : min(syn.options.windowScale ?? 0, 14)
    try require(
      agreement.sendShift == expectedShift,
      "the peer's windows are shifted by \(agreement.sendShift)")
    try require(agreement.sack == synAck.options.sackPermitted, "SACK is not as the SYN-ACK says")
    try require(
      agreement.timestampToEcho == synAck.options.timestamps?.echoReply,
      "the clock to echo is not as the SYN-ACK says")
  }
}
