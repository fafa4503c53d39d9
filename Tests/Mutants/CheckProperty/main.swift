import Glibc
import HandshakeProperties

// Checks the one property that is named, as `halfopen check --property NAME` does, without making a
// counterexample simple: prints how many cases it took; exits with 1 when one breaks the property,
// with 0 when all hold, with 2 when there is no such property or there are too few cases.
guard let name = CommandLine.arguments.dropFirst().first,
  let property = Property.all.first(where: { $0.name == name })
else {
  print("no such property")
  exit(2)
}
let report = PropertyRunner(seed: 1, shrinkingRuns: 0).check(property)
print(report.cases)
switch report.verdict {
case .holds: exit(0)
case .broken: exit(1)
case .tooFewCases: exit(2)
}
