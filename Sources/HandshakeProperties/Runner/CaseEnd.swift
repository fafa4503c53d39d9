/// How one case of a property ends before its end.
public enum CaseEnd: Error, Hashable, Sendable {
  /// What was drawn is no case of this property.
  case rejected
  /// The property does not hold, for the reason that the sentence gives.
  case violated(String)
}

/// Ends the case as violated unless `condition` holds.
///
/// - Throws: ``CaseEnd/violated(_:)`` with `sentence`, which is only put together then.
func require(_ condition: Bool, _ sentence: @autoclosure () -> String) throws(CaseEnd) {
  guard condition else { throw .violated(sentence()) }
}
