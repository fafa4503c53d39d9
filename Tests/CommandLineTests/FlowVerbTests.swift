import Foundation
import TestSupport
import Testing

@Suite("halfopen flow")
struct FlowVerbTests {
  @Test("compares the controls that are named, in their order, with the formula beside each")
  func text() async throws {
    let outcome = try await BuiltProgram.run([
      "flow", "--control", "go-back-n", "--control", "stop-and-wait", "--routers", "0",
      "--timeout", "40.8ms", "--threshold", "0", "--impair", "loss=2%", "--duration", "5s",
    ])
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    let lines = outcome.text.split(separator: "\n").map(String.init)
    #expect(lines[0].hasPrefix("the sender's own link of 10Mbit/s and 20ms, impaired by loss=0.02"))
    #expect(lines[2].hasPrefix("go-back-n ") && lines[3].hasPrefix("stop-and-wait "))
    #expect(outcome.text.contains("(1 − P)/(1 + 2aP) says 49.000 % of the link is used;"))
    #expect(outcome.text.contains("T·P/(1 − P)) says 1.922 % of the link is used;"))
    #expect(outcome.text.contains("± is half of the 99.9 % confidence interval"))
  }

  @Test("is one object in JSON, the scenario in it, and the same members in CSV")
  func formats() async throws {
    let line = ["flow", "--control", "none", "--arrivals", "poisson", "--duration", "3s"]
    let json = try await BuiltProgram.run(line + ["--format", "json"])
    #expect(json.text.hasPrefix("{\"schema\":\"halfopen.flow/1\",\"version\":"))
    let document = try #require(
      JSONSerialization.jsonObject(with: json.output) as? [String: Any])
    let scenario = try #require(document["scenario"] as? [String: Any])
    #expect(scenario["rate_bit_per_s"] as? Int == 10_000_000)
    #expect(scenario["offered_per_s"] as? Int == 1_000)
    let results = try #require(document["results"] as? [[String: Any]])
    let delay = try #require(results.first?["delay"] as? [String: Any])
    #expect(results.count == 1 && (delay["p50_ns"] as? Int ?? 0) > 20_000_000)
    #expect((results.first?["expected"] as? [String: Any])?["form"] as? String == "m-d-1-k")
    let csv = try await BuiltProgram.run(line + ["--format", "csv"]).text.split(separator: "\n")
    #expect(csv.count == 2 && csv[0].hasPrefix("control,goodput_bit_per_s,offered,sent,"))
    #expect(
      csv[0].split(separator: ",").count
        == csv[1].split(
          separator: ",", omittingEmptySubsequences: false
        ).count)
  }

  @Test(
    "refuses what makes no sense with status 2 and a sentence",
    arguments: [
      (["--control", "none"], "would send without end"),
      (["--control", "reno", "--control", "reno"], "named twice"),
      (["--control", "quic"], "--control"),
      (["--window", "0"], "--window must be from 1"),
      (["--reach", "3"], "--reach must be from 64"),
      (["--rate", "10"], "a rate is a number and one of the units"),
      (["--impair", "lost=5%"], "nothing called 'lost' to impair"),
      (["--impair", "loss=500%"], "loss is a share"),
      (["--timeout", "0"], "--timeout"),
      (["--lengths", "exponential"], "--control none only"),
      (["--control", "token-bucket", "--burst", "10"], "no packet ever passes"),
      (["--discipline", "red", "--red-least", "9", "--red-most", "9"], "below --red-most"),
      (["--rate", "100Gbit", "--duration", "3600s"], "shorten --duration"),
      (["--plot", "flow.gif"], "ends in .svg or .png"),
      (["--duration", "5"], "needs a unit"),
    ] as [([String], String)])
  func refusals(arguments: [String], words: String) async throws {
    let outcome = try await BuiltProgram.run(["flow"] + arguments)
    #expect(outcome.status == 2 && outcome.text.isEmpty)
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
  }

  @Test("writes its run over time, a row a look and control")
  func series() async throws {
    let scratch = try ScratchDirectory()
    let outcome = try await BuiltProgram.run([
      "flow", "--control", "token-bucket", "--control", "reno", "--duration", "4s", "--series",
      scratch.path(of: "series.csv"), "-o", scratch.path(of: "text"),
    ])
    #expect(outcome.status == 0 && outcome.text.isEmpty)
    let rows = scratch.text(of: "series.csv").split(separator: "\n")
    #expect(rows.count == 1 + 2 * 201)
    #expect(rows[0] == "control,at_ns,sent,delivered,turned_away,queue,window")
    #expect(
      rows[1] == "token-bucket,0,15,0,0,14," && rows.last?.hasPrefix("reno,4000000000,") == true)
    #expect(scratch.text(of: "text").contains("token-bucket"))
  }

  @Test(
    "draws goodput, queue and window",
    .enabled(if: PlotTests.hasGnuplot, "skipped, because gnuplot is not installed"))
  func plot() async throws {
    let scratch = try ScratchDirectory()
    let path = scratch.path(of: "flow.svg")
    let outcome = try await BuiltProgram.run([
      "flow", "--control", "stop-and-wait", "--control", "reno", "--duration", "4s", "--plot", path,
    ])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let drawing = scratch.text(of: "flow.svg")
    for word in [
      "goodput (Mbit/s)", "packets that wait", "window (packets)", "stop-and-wait", "reno",
    ] {
      #expect(drawing.contains(word), "\(word)")
    }
  }
}
