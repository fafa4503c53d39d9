/// Something that holds for every case, as a value: what it says, where it comes from, and how a
/// case is drawn and judged.
public struct Property: Sendable, CustomStringConvertible {
  /// The short name, `S2`.
  public let name: String
  /// What holds, in a sentence.
  public let title: String
  /// Where that is required or shown: an RFC's section, a paper, a proof.
  public let source: String
  /// How many cases are looked at unless the caller says otherwise; fewer where a case is long.
  public let usualCases: Int

  let body: @Sendable (inout Choices) throws(CaseEnd) -> Void

  /// Creates a property.
  ///
  /// - Parameters:
  ///   - name: The short name.
  ///   - title: What holds, in a sentence.
  ///   - source: Where that is required or shown.
  ///   - usualCases: How many cases are looked at unless the caller says otherwise.
  ///   - body: Draws a case from the choices, plays it, notes what happens, and throws when the
  ///     property does not hold. Equal choices must lead to an equal end.
  public init(
    _ name: String, _ title: String, source: String, usualCases: Int = 2_000,
    body: @escaping @Sendable (inout Choices) throws(CaseEnd) -> Void
  ) {
    self.name = name
    self.title = title
    self.source = source
    self.usualCases = usualCases
    self.body = body
  }

  /// The name.
  public var description: String { name }

  /// Plays one case.
  ///
  /// - Returns: How it ended early; nil when the property held.
  func end(of choices: inout Choices) -> CaseEnd? {
    do throws(CaseEnd) {
      try body(&choices)
      return nil
    } catch {
      return error
    }
  }
}
