import ArgumentParser
import HandshakeProperties

/// What `halfopen check` is asked about looking at every run.
struct ExhaustiveOptions: ParsableArguments {
  @Flag(
    help: """
      Look at every run of two ends, by each kind of fault and from several initial sequence \
      numbers, and print states, depth and what holds.
      """)
  var exhaustive = false

  @Option(help: "With --exhaustive, segments that may be lost in a run, up to 4.")
  var losses: Int?

  @Option(help: "With --exhaustive, segments that may be doubled in a run, up to 4.")
  var duplicates: Int?

  @Option(help: "With --exhaustive, old segments that may be under way at the beginning, up to 4.")
  var oldSegments: Int?

  @Flag(help: "With --exhaustive, begin with every pair of initial sequence numbers.")
  var allNumbers = false

  /// Refuses what does not go together.
  func validate(cases: Int?, replay: String?, list: Bool) throws {
    guard exhaustive else {
      guard losses == nil, duplicates == nil, oldSegments == nil, !allNumbers else {
        throw ValidationError(
          "--losses, --duplicates, --old-segments and --all-numbers go with --exhaustive.")
      }
      return
    }
    guard cases == nil, replay == nil, !list else {
      throw ValidationError("--cases, --replay and --list do not go with --exhaustive.")
    }
    for (name, value) in [
      ("--losses", losses), ("--duplicates", duplicates), ("--old-segments", oldSegments),
    ] {
      if let value, !(0...4).contains(value) {
        throw ValidationError("\(name) must be from 0 to 4, not \(value).")
      }
    }
  }

  /// The check of the laws named, or of all.
  ///
  /// - Throws: ``Failure`` for a property that is not looked at this way.
  func check(of names: [String], isText: Bool) throws -> ExhaustiveCheck {
    let laws = try names.map { name in
      guard let law = InterleavingLaw(rawValue: name.uppercased()) else {
        let known = InterleavingLaw.allCases.map(\.name).joined(separator: ", ")
        throw Failure(.usage, "--exhaustive looks at \(known), not at \"\(name)\"")
      }
      return law
    }
    return ExhaustiveCheck(
      laws: laws.isEmpty ? InterleavingLaw.allCases : laws,
      scenarios: InterleavingScenario.table(
        losses: losses ?? 2, duplicates: duplicates ?? 2, oldSegments: oldSegments ?? 2),
      pairs: allNumbers ? NumberPair.all : NumberPair.usual, isText: isText)
  }
}
