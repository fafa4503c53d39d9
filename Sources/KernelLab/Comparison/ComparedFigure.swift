/// One number of a run, as the kernel and as the model have it.
public struct ComparedFigure: Hashable, Sendable {
  /// Its name, in snake_case with the unit last, or a counter's own.
  public var name: String
  /// What kind of number it is.
  public var kind: Kind
  /// The kernel's; nil where there is none, such as a latency of nobody.
  public var kernel: Double?
  /// The model's.
  public var model: Double?
  /// How far they may be apart; nil for a number that is shown and not judged.
  public var tolerance: Double?

  /// The kinds of numbers.
  public enum Kind: String, Hashable, Sendable {
    /// From 0 to 1.
    case ratio
    /// Nanoseconds.
    case duration
    /// Entries, and the distance of two curves of them.
    case entries
    /// Something counted.
    case count
  }

  /// How far they are apart; nil where one has none.
  public var difference: Double? {
    guard let kernel, let model else { return nil }
    return kernel - model
  }

  /// Whether they are close enough; nil where nobody judges.
  public var agrees: Bool? {
    guard let tolerance else { return nil }
    guard let difference else { return kernel == nil && model == nil }
    return abs(difference) <= tolerance
  }
}
