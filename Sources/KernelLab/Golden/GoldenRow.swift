/// One figure of the measured tables, as this kernel and the model have it.
public struct GoldenRow: Hashable, Sendable {
  /// Which table.
  public var table: Table
  /// What was measured.
  public var name: String
  /// What the table says: a number, or a range of them; nil where it says how far kernel and model may
  /// be apart, and its own number holds for a flood whose age it does not tell.
  public var figure: ClosedRange<Double>?
  /// What this kernel did: a range where it was only seen between two looks.
  public var kernel: ClosedRange<Double>
  /// What the model does; nil where it has no part in it.
  public var model: Double?
  /// How far kernel, model and figure may be apart.
  public var tolerance: Double

  /// The tables, measured on Linux 6.18.44 with 250 ticks a second.
  public enum Table: String, CaseIterable, Hashable, Sendable {
    /// How many half-open connections a listener holds.
    case capacity
    /// How many completed ones wait to be accepted.
    case acceptQueue = "accept_queue"
    /// How long an unanswered one lives, in seconds.
    case lifetime
    /// SYNs that get a slot, a second.
    case admission
    /// The share of clients that their first SYN connects.
    case firstSyn = "first_syn"
    /// How long a client that only listens waits for its stamp when its final ACK is lost, in seconds.
    case stall
    /// The mean of the half-open curve under a long flood.
    case occupancy
  }

  /// Creates a row.
  public init(
    _ table: Table, _ name: String, figure: ClosedRange<Double>?, kernel: ClosedRange<Double>,
    model: Double?, tolerance: Double
  ) {
    self.table = table
    self.name = name
    self.figure = figure
    self.kernel = kernel
    self.model = model
    self.tolerance = tolerance
  }

  /// Whether this kernel answers as the table says, or else as the model.
  public var kernelAgrees: Bool {
    guard let wanted = figure ?? model.map({ $0...$0 }) else { return true }
    return kernel.upperBound >= wanted.lowerBound - tolerance
      && kernel.lowerBound <= wanted.upperBound + tolerance
  }

  /// Whether the model answers as the table says.
  public var modelAgrees: Bool {
    guard let model, let figure else { return true }
    return model >= figure.lowerBound - tolerance && model <= figure.upperBound + tolerance
  }

  /// Whether both do.
  public var agrees: Bool { kernelAgrees && modelAgrees }
}
