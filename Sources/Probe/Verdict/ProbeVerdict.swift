import Wire

/// All that a transcript tells of a listener.
public struct ProbeVerdict: Hashable, Sendable {
  /// Whether somebody listens.
  public var port: PortFinding
  /// Whether SYN cookies are sent.
  public var cookies: CookieFinding
  /// How initial sequence numbers are drawn.
  public var numbers: NumberFinding
  /// The clock behind timestamps.
  public var clock: ClockFinding
  /// What each offer of options was answered with.
  public var options: [OptionFinding]
  /// When SYN-ACKs are sent again; nil where the probe did not listen for it.
  public var schedule: ScheduleFinding?
  /// What odd segments drew.
  public var resets: [ResetFinding]

  /// Judges everything that was sent and seen.
  public init(_ transcript: ProbeTranscript) {
    let exchanges = transcript.exchanges
    let weighing = NumberWeighing(exchanges)
    let cookies = CookieFinding(weighing)
    self.cookies = cookies
    port = PortFinding(exchanges)
    numbers = NumberFinding(weighing, cookies: cookies)
    clock = ClockFinding(exchanges, cookies: cookies)
    options = OptionFinding.table(exchanges)
    schedule = ScheduleFinding(transcript, exchanges)
    resets = ResetFinding.table(transcript, exchanges)
  }
}
