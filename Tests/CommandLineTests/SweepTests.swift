import TestSupport
import Testing

@Suite("halfopen simulate --sweep")
struct SweepTests {
  /// A pool small and short-lived enough to settle in seconds.
  static let brief = [
    "simulate", "--backlog", "8", "--half-open-lifetime", "200ms", "--legit-rate", "30",
    "--legit-rtt-min", "50ms", "--legit-rtt-mean", "50ms", "--legit-rtt-max", "50ms", "--give-up",
    "500ms", "--on-reset", "fail", "--duration", "20s",
  ]

  @Test("has a row a value and a column a curve, with the closed form in each cell")
  func text() async throws {
    let outcome = try await BuiltProgram.run(
      Self.brief + [
        "--sweep", "attack-rate=20..2000/3", "--admissions", "drop-newest,evict-oldest",
      ])
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    let lines = outcome.text.split(separator: "\n")
    #expect(
      lines[1].split(separator: " ").map(String.init) == [
        "attack-rate", "drop-newest", "evict-oldest", "cookies", "hybrid",
      ])
    #expect(lines[2...4].map { $0.prefix { $0 != " " } } == ["20", "200", "2000"])
    #expect(lines[2...4].allSatisfy { $0.count { $0 == "±" } == 4 && $0.count { $0 == "(" } == 4 })
  }

  @Test("gives programs a result a point, and the same to readers of JSON and CSV")
  func records() async throws {
    let line = Self.brief + ["--mitigation", "pool", "--sweep", "backlog=4,16"]
    let json = try OrderedJSON(
      try await BuiltProgram.run(line + ["--format", "json"]).text)
    #expect(json["schema"]?.text == "halfopen.simulate.sweep/1" && json["sweep"]?.text == "backlog")
    #expect(json["results"]?.count == 2 && json.repeatedKeys.isEmpty)
    let csv = try await BuiltProgram.run(line + ["--format", "csv"]).text.split(separator: "\n")
    #expect(csv.count == 3 && csv[0].hasPrefix("value,admission,mitigation,legitimate.attempted,"))
    for (place, slots) in [4, 16].enumerated() {
      let result = try #require(json["results"]?[place])
      #expect(result["value"]?.integer == slots)
      #expect(result["half_open"]?["capacity"]?.integer == slots)
      #expect(csv[place + 1].hasPrefix("\(slots),drop-newest,pool,"))
    }
    // A point is the run that one gets without sweeping.
    let alone = try OrderedJSON(
      try await BuiltProgram.run(
        Self.brief + ["--mitigation", "pool", "--backlog", "16", "--format", "json"]
      ).text)
    #expect(alone["results"]?[0]?["counters"] == json["results"]?[1]?["counters"])
  }

  @Test(
    "is refused, with the reason, for what cannot be swept over",
    arguments: [
      (["--sweep", "attack-rte=1,2"], "did you mean 'attack-rate'?"),
      (["--sweep", "attack-rate"], "FLAG=FROM..TO/POINTS"),
      (["--sweep", "attack-rate=10..5/3"], "the smaller first"),
      (["--sweep", "attack-rate=1..5/1"], "from 2 to 1000 points"),
      (["--sweep", "attack-rate=1,x"], "--attack-rate must be a number"),
      (["--sweep", "backlog=1,2", "--admissions", "evict-nobody"], "--admission must be"),
      (["--sweep", "backlog=1,2", "--series", "a.csv"], "--format, --output and --plot only"),
      (["--admissions", "drop-newest"], "--admissions goes with --sweep"),
    ])
  func refusals(arguments: [String], reason: String) async throws {
    let outcome = try await BuiltProgram.run(Self.brief + arguments)
    #expect(outcome.status == 2 && outcome.output.isEmpty)
    #expect(outcome.errors.contains(reason), "\(outcome.errors)")
  }

  @Test(
    "is drawn with a line and points a curve",
    .enabled(if: PlotTests.hasGnuplot, "skipped, because gnuplot is not installed"))
  func plot() async throws {
    let room = try ScratchDirectory()
    let outcome = try await BuiltProgram.run(
      Self.brief + ["--sweep", "attack-rate=20,200,2000", "--plot", "sweep.svg"],
      directory: room.path)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let drawing = room.text(of: "sweep.svg")
    for word in [
      "drop-newest", "cookies", "hybrid", "attack rate", "clients who get in", "8 slots",
    ] {
      #expect(drawing.contains(word), "\(word)")
    }
    let words = try await BuiltProgram.run(
      Self.brief + ["--sweep", "admission=drop-newest,evict-oldest", "--plot", "sweep.svg"],
      directory: room.path)
    #expect(words.status == 2 && words.errors.contains("a sweep over numbers"))
  }
}
