import HandshakeProperties
import TestSupport
import Testing

@Suite("The handshake's properties")
struct CatalogueTests {
  @Test("hold for the model", arguments: Property.all)
  func propertyHolds(property: Property) {
    let report = PropertyRunner(cases: max(1, property.usualCases / 10)).check(property)
    #expect(
      report.holds,
      """
      \(property.name): \(property.title)
      \(report.counterexample?.reason ?? "\(report.cases) cases, \(report.rejected) rejected")
      \(report.counterexample?.events.joined(separator: "\n") ?? "")
      replay: \(report.counterexample?.choices.description ?? "-")
      """)
    #expect(report.cases > 0)
  }
}
