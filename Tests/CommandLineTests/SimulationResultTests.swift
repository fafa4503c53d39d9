import TestSupport
import Testing

@testable import halfopen

@Suite("The result of halfopen simulate")
struct SimulationResultTests {
  static let brief = ["simulate", "--duration", "2s", "--attack-rate", "500", "--seed", "11"]

  @Test("as JSON is one object on one line, schema first, without repeated keys")
  func jsonIsOneObject() async throws {
    let outcome = try await BuiltProgram.run(Self.brief + ["--format", "json"])
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    #expect(outcome.text.count { $0.isNewline } == 1 && outcome.text.hasSuffix("}\n"))
    let json = try OrderedJSON(outcome.text)
    #expect(json.keys == ["schema", "version", "seed", "scenario", "results"])
    #expect(json.repeatedKeys.isEmpty)
    #expect(json["schema"]?.text == "halfopen.simulate/1")
    #expect(json["version"]?.text == Halfopen.version)
    #expect(json["seed"]?.integer == 11)
    #expect(json["results"]?.count == 3)
  }

  @Test("as JSON has every key of the documentation, with the right type")
  func jsonIsComplete() async throws {
    let outcome = try await BuiltProgram.run(Self.brief + ["--format", "json"])
    let json = try OrderedJSON(outcome.text)
    for (place, mitigation) in ["pool", "cookies", "hybrid"].enumerated() {
      let result = try #require(json["results"]?[place])
      #expect(result["mitigation"]?.text == mitigation && result.keys.first == "mitigation")
      for (group, keys) in [
        "legitimate": [
          "attempted", "completed", "connect_latency_p50_ns", "connect_latency_p99_ns",
        ], "attack": ["syns_sent", "syns_refused"], "half_open": ["capacity", "peak"],
        "cookies": ["sent", "accepted", "rejected"],
      ] {
        for key in keys { #expect(result[group]?[key]?.integer != nil, "\(group).\(key)") }
      }
      for (group, key) in [
        ("legitimate", "success_ratio"), ("attack", "refused_ratio"), ("half_open", "mean"),
      ] { #expect(result[group]?[key]?.real != nil, "\(group).\(key)") }
      for name in ["TcpExtSyncookiesSent", "TcpExtListenDrops", "TcpExtSyncookiesRecv"] {
        #expect(result["counters"]?[name]?.integer != nil, "\(name)")
      }
      #expect(result["counters"]?["TcpExtSyncookiesSent"] == result["cookies"]?["sent"])
    }
  }

  @Test("as JSON holds the merged scenario, by the names of the flags")
  func scenarioIsMerged() async throws {
    let outcome = try await BuiltProgram.run(
      Self.brief + ["--format", "json", "--mitigation", "hybrid", "--admission", "per-source=4"])
    let scenario = try #require(try OrderedJSON(outcome.text)["scenario"])
    #expect(scenario["mitigation"] == .array([.string("hybrid")]))
    #expect(scenario["admission"]?.text == "per-source=4" && scenario["seed"]?.integer == 11)
    #expect(scenario["duration"]?.text == "2s" && scenario["attack_rate"]?.integer == 500)
    #expect(Set(scenario.keys) == Set(ScenarioTests.everyKey.keys))
  }

  @Test("as JSON has null for a share and a percentile of nothing")
  func nothingIsNull() async throws {
    let outcome = try await BuiltProgram.run(
      Self.brief + ["--format", "json", "--legit-rate", "0", "--attack-rate", "0"])
    let result = try #require(try OrderedJSON(outcome.text)["results"]?[0])
    #expect(result["legitimate"]?["attempted"]?.integer == 0)
    for key in ["success_ratio", "connect_latency_p50_ns", "connect_latency_p99_ns"] {
      #expect(result["legitimate"]?[key] == .null, "\(key)")
    }
    #expect(result["attack"]?["refused_ratio"] == .null)
  }

  @Test("comes of the longest and the shortest run that may be asked for")
  func extremeDurations() async throws {
    for duration in ["1ns", "1000000000s"] {
      let outcome = try await BuiltProgram.run([
        "simulate", "--duration", duration, "--attack-rate", "0", "--legit-rate", "0.0000001",
        "--format", "json",
      ])
      #expect(outcome.status == 0, "\(duration): \(outcome.errors)")
    }
  }

  @Test("as CSV has a header and a row a mitigation, with the numbers of the JSON")
  func csvHasRows() async throws {
    let csv = try await BuiltProgram.run(Self.brief + ["--format", "csv"])
    let rows = csv.text.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    #expect(csv.status == 0 && rows.count == 4)
    #expect(rows.allSatisfy { $0.count == rows[0].count } && Set(rows[0]).count == rows[0].count)
    #expect(rows.map(\.[0]) == ["mitigation", "pool", "cookies", "hybrid"])
    let json = try OrderedJSON(
      try await BuiltProgram.run(Self.brief + ["--format", "json"]).text)
    for (column, name) in rows[0].enumerated().dropFirst() {
      let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
      for row in 0..<3 {
        let value = json["results"]?[row]?[parts[0]]?[parts[1]]
        let text = rows[row + 1][column]
        let known: [OrderedJSON] = text.isEmpty ? [.null] : [.number(text), .string(text)]
        #expect(value.map(known.contains) == true, "\(name)")
      }
    }
  }

  @Test("over time goes to --series, and ends where the result does")
  func seriesIsWritten() async throws {
    let room = try ScratchDirectory()
    let outcome = try await BuiltProgram.run(
      Self.brief + ["--format", "json", "--series", "series.csv"], directory: room.path)
    #expect(outcome.status == 0)
    let rows = room.text(of: "series.csv").split(separator: "\n").map { $0.split(separator: ",") }
    #expect(
      rows.first == [
        "mitigation", "at_ns", "half_open", "accept_queue", "legit_attempted", "legit_completed",
        "attack_refused",
      ])
    let results = try #require(try OrderedJSON(outcome.text)["results"])
    for (place, name) in ["pool", "cookies", "hybrid"].enumerated() {
      let own = rows.filter { $0[0] == name }.map { $0.dropFirst().compactMap { Int($0) } }
      #expect(own.count == 201 && own.allSatisfy { $0.count == 6 })
      #expect(own.first?[0] == 0 && own.last?[0] == 2_000_000_000)
      #expect(zip(own, own.dropFirst()).allSatisfy { $0[0] < $1[0] && $0[3] <= $1[3] })
      #expect(own.last?[3] == results[place]?["legitimate"]?["attempted"]?.integer)
      #expect(own.last?[5] == results[place]?["attack"]?["syns_refused"]?.integer)
      let peak = try #require(results[place]?["half_open"]?["peak"]?.integer)
      #expect(own.allSatisfy { $0[1] <= peak })
    }
  }

  @Test("as text has a row and a sentence a mitigation")
  func textHasRows() async throws {
    let outcome = try await BuiltProgram.run(Self.brief)
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    let lines = outcome.text.split(separator: "\n")
    for name in ["pool", "cookies", "hybrid"] {
      #expect(lines.count { $0.hasPrefix(name + " ") } == 1, "\(name)'s row")
      #expect(lines.count { $0.hasPrefix(name + ": ") && $0.hasSuffix(".") } == 1, "\(name)'s why")
    }
  }

  @Test("says nothing of speed, which --timing writes to a file of its own")
  func speedIsApart() async throws {
    let room = try ScratchDirectory()
    let outcome = try await BuiltProgram.run(
      Self.brief + ["--timing", "speed.json"], directory: room.path)
    #expect(outcome.text == (try await BuiltProgram.run(Self.brief).text))
    let speed = try OrderedJSON(room.text(of: "speed.json"))
    #expect(speed.keys == ["schema", "runs"] && speed["runs"]?.count == 3)
    #expect((speed["runs"]?[0]?["attack_syns"]?.integer ?? 0) > 0)
    #expect((speed["runs"]?[0]?["cpu_ns"]?.integer ?? -1) >= 0)
  }
}
