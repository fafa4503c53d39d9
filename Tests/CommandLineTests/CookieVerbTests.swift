import SynCookies
import TestSupport
import Testing

@testable import halfopen

/// A command line of `halfopen cookie` that makes a cookie whose value is known.
struct KnownCookie: Sendable, CustomTestStringConvertible {
  let scheme: String
  let cookie: String
  /// What the scheme is told, and what every SYN and ACK of the connection says.
  let told: [String]
  let syn: [String]

  static let key0 = "000102030405060708090a0b0c0d0e0f"
  static let key1 = "101112131415161718191a1b1c1d1e1f"
  static let version4 = [
    "--client", "192.0.2.1:12345", "--server", "198.51.100.2:80", "--isn", "0x11223344",
  ]
  static let version6 = [
    "--client", "[2001:db8::1]:12345", "--server", "[2001:db8::2]:443", "--isn", "287454020",
  ]

  init(
    _ scheme: String, _ cookie: String, over connection: [String] = version4, syn: String,
    told: String
  ) {
    self.scheme = scheme
    self.cookie = cookie
    self.syn = syn.split(separator: " ").map(String.init)
    self.told = connection + told.split(separator: " ").map(String.init)
  }

  var testDescription: String { "\(scheme) \(cookie)" }

  static let keys = "--key \(key0) --key \(key1)"
  static let nonces =
    "--nonce " + nonce(from: 0x00) + " --nonce " + nonce(from: 0x40)
  static let secmod = "--secmod 0xfffff80001234560"

  static let all = [
    Self("linux", "0xf675d865", syn: "--mss 1460", told: "--count 71578 \(keys)"),
    Self(
      "linux", "0xa89cc97a", over: version6, syn: "--mss 1440", told: "--count 71578 \(keys)"),
    Self(
      "freebsd", "0x3be52dc0", syn: "--mss 1460 --wscale 7 --sack",
      told: "--epoch 1 \(keys) \(secmod)"),
    Self("freebsd", "0x99262099", syn: "", told: "\(keys) \(secmod)"),
    Self("pf", "0x14ccb7ed", syn: "--mss 1460 --wscale 7 --sack", told: "--epoch 1 \(keys)"),
    Self("pf", "0x0c9d1f0c", syn: "--mss 216", told: "--epoch 0 --key \(key0)"),
    Self("gvisor", "0x456d4a78", syn: "--mss 1460", told: "--count 0x2a \(nonces)"),
    Self("bernstein", "0xe7651ad3", syn: "--mss 1460", told: "--count 71578 --key \(key0)"),
    Self("onload", "0x42b9c72e", syn: "--mss 1461", told: "--count 5 --salt \(key0)"),
    Self("salted", "0xdfc4ba2e", syn: "--mss 1460", told: "--salt \(key0)"),
    Self("salted", "0x8a9d7f9d", over: version6, syn: "", told: "--salt \(key0)"),
  ]

  private static func nonce(from first: Int) -> String {
    (first..<first + 64).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}

@Suite("halfopen cookie")
struct CookieVerbTests {
  @Test("makes the known cookies, in text and in JSON", arguments: KnownCookie.all)
  func make(known: KnownCookie) async throws {
    let line = ["cookie", "make", "--scheme", known.scheme] + known.told + known.syn
    let text = try await BuiltProgram.run(line)
    #expect(text.status == 0 && text.errors.isEmpty, "\(text.errors)")
    #expect(text.text.hasPrefix("cookie   \(known.cookie)\n"), "\(text.text)")
    let json = try OrderedJSON(try await BuiltProgram.run(line + ["--format", "json"]).text)
    #expect(json.keys.first == "schema" && json["schema"]?.text == "halfopen.cookie/1")
    #expect(json["cookie"]?.text == known.cookie)
    #expect(json["scheme"]?.text == known.scheme)
    #expect(json["verdict"]?.text == "accepted")
    #expect(json.keys.count == Set(json.keys).count)
  }

  @Test("accepts them, and refuses their neighbours with 1", arguments: KnownCookie.all)
  func check(known: KnownCookie) async throws {
    let line = { (value: String) in
      ["cookie", "check", value, "--scheme", known.scheme] + known.told
    }
    let right = try await BuiltProgram.run(line(known.cookie))
    #expect(right.status == 0 && right.text.hasPrefix("accepted: age 0"), "\(right)")
    // Far enough away to be in no class of any scheme.
    let number = try #require(UInt32(known.cookie.dropFirst(2), radix: 16)) &+ 4_000
    let wrong = try await BuiltProgram.run(line("\(number)") + ["--format", "json"])
    #expect(wrong.status == 1)
    let json = try OrderedJSON(wrong.text)
    #expect(json["verdict"]?.text == "refused")
    #expect(json["recovered"] == .null)
    #expect(json["reason"]?.text?.isEmpty == false)
  }

  @Test("keeps of an ACK's timestamp what the SYN-ACK's said")
  func timestamps() async throws {
    let told = KnownCookie.all[0].told + ["--time", "2h"]
    let made = try OrderedJSON(
      try await BuiltProgram.run(
        ["cookie", "make", "--scheme", "linux", "--mss", "1460", "--wscale", "7", "--sack"]
          + ["--tsval", "55", "--ecn", "--format", "json"] + told
      ).text)
    let value = try #require(made["timestamp_value"]?.integer)
    #expect(value <= 7_200_000 && value > 7_200_000 - 64 && value & 63 == 0x37)
    let line = ["cookie", "check", "0xf675d865", "--scheme", "linux"] + told
    let checked = try await BuiltProgram.run(line + ["--tsecr", "\(value + 3)"])
    #expect(
      checked.text
        == "accepted: age 0, it remembers MSS 1460, window scale 10, SACK, ECN, timestamps\n")
    let bare = try await BuiltProgram.run(line)
    #expect(bare.text == "accepted: age 0, it remembers MSS 1460\n")
  }

  @Test("lists every scheme, each with its inputs, from the one table")
  func list() async throws {
    let text = try await BuiltProgram.run(["cookie", "list"]).text
    let json = try OrderedJSON(
      try await BuiltProgram.run(["cookie", "list", "--format", "json"]).text)
    #expect(json["schemes"]?.count == CookieSchemeName.allCases.count)
    for (place, name) in CookieSchemeName.allCases.enumerated() {
      let scheme = json["schemes"]?[place]
      #expect(scheme?["name"]?.text == name.rawValue)
      #expect(scheme?["acceptable"]?.integer == name.facts.acceptable)
      #expect(text.contains("\n\(name.rawValue) "))
      for input in name.facts.inputs { #expect(text.contains(input.flag)) }
      let widths = (0..<(scheme?["fields"]?.count ?? 0)).compactMap {
        scheme?["fields"]?[$0]?["bits"]?.integer
      }
      #expect(widths.reduce(0, +) == 32)
    }
  }

  @Test("draws every cookie in lines of one width, in at most 100 columns and without colour")
  func explain() async throws {
    for known in KnownCookie.all {
      for told in [[], known.told] {
        let outcome = try await BuiltProgram.run(
          ["cookie", "explain", known.cookie, "--scheme", known.scheme] + told)
        #expect(outcome.status == 0, "\(outcome.errors)")
        let lines = outcome.text.split(separator: "\n")
        let box = lines.filter { "┌│└".contains($0.first ?? " ") }
        #expect(box.count == 4 && Set(box.map(\.count)).count == 1, "\(outcome.text)")
        #expect(lines.allSatisfy { $0.count <= 100 && !$0.hasSuffix(" ") }, "\(outcome.text)")
        #expect(!outcome.text.contains("\u{1B}"))
        #expect(outcome.text.contains("accepted: age 0") == !told.isEmpty)
      }
    }
  }

  @Test("shows a stranger FreeBSD's flags and Onload's low byte, and nothing of Linux")
  func explainWithoutKeys() async throws {
    let said = { (scheme: String, value: String) async throws -> [String?] in
      let json = try OrderedJSON(
        try await BuiltProgram.run(
          ["cookie", "explain", value, "--scheme", scheme, "--format", "json"]
        ).text)
      return (0..<(json["fields"]?.count ?? 0)).map { json["fields"]?[$0]?["said"]?.text }
    }
    #expect(
      try await said("freebsd", "0x3be52dc0")
        == [nil, "1460 octets", "7", "yes", "the key of odd epochs"])
    #expect(try await said("onload", "0x42b9c72e") == [nil, "5 modulo 32", "1460 octets"])
    #expect(try await said("linux", "0xf675d865") == [nil])
    #expect(try await said("salted", "0xdfc4ba2e") == [nil])
  }

  @Test("counts as many accepted numbers around a cookie as its layout puts there")
  func census() {
    let around: [CookieSchemeName: Int] = [
      .salted: 1, .linux: 4, .freebsd: 1, .pf: 1, .gvisor: 4, .bernstein: 1, .onload: 1,
    ]
    for name in CookieSchemeName.allCases {
      let census = CookieCensus(of: name, seed: 1)
      let example = UInt64(census.example)
      #expect(census.accepted(of: max(example, 100) - 100..<example + 100) == around[name])
      #expect(census.expected == name.facts.acceptable)
    }
    let all = (0..<CookieCensus.parts).map(CookieCensus.numbers)
    #expect(all.first?.lowerBound == 0 && all.last?.upperBound == 1 << 32)
    #expect(zip(all, all.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
  }

  static let wrong = [
    WrongCommandLine("cookie make", names: "--scheme"),
    WrongCommandLine("cookie make --scheme linus", names: "--scheme", "'linus'", "'linux'"),
    WrongCommandLine("cookie make --scheme linux", names: "--client"),
    WrongCommandLine(
      "cookie make --scheme linux --client 192.0.2.1:1", names: "--server is missing"),
    WrongCommandLine(
      "cookie make --scheme linux --client 192.0.2.1 --server 192.0.2.2:80", names: "--client",
      "'192.0.2.1'"),
    WrongCommandLine(
      "cookie make --scheme pf --client [::1]:1 --server 192.0.2.2:80", names: "--server"),
    WrongCommandLine(
      "cookie make --scheme onload --client [::1]:1 --server [::2]:80", names: "--client", "IPv4"),
    WrongCommandLine("cookie make --scheme linux --isn 0x100000000", names: "--isn", "4294967295"),
    WrongCommandLine("cookie make --scheme linux --isn -1", names: "--isn"),
    WrongCommandLine("cookie make --scheme linux --mss 65536", names: "--mss", "'65536'"),
    WrongCommandLine("cookie make --scheme linux --wscale 256", names: "--wscale"),
    WrongCommandLine("cookie make --scheme linux --key 0011", names: "--key", "32 hexadecimal"),
    WrongCommandLine("cookie make --scheme gvisor --nonce 00", names: "--nonce", "128"),
    WrongCommandLine("cookie check --scheme linux", names: "<value>"),
    WrongCommandLine("cookie check cookie --scheme linux", names: "'cookie'"),
    WrongCommandLine("cookie explain 1 --scheme linux --time 3", names: "--time"),
    WrongCommandLine("cookie count --scheme some", names: "--scheme", "'some'"),
  ]

  @Test("refuses a wrong command line with 2 and one sentence that names it", arguments: wrong)
  func usage(line: WrongCommandLine) async throws {
    let outcome = try await BuiltProgram.run(line.arguments)
    #expect(outcome.status == 2 && outcome.output.isEmpty, "\(outcome)")
    #expect(line.named.allSatisfy(outcome.errors.contains), "\(outcome.errors)")
    #expect(outcome.errors.count { $0.isNewline } == 1, "\(outcome.errors)")
  }

  @Test("asks every scheme for all that it is to be told, and for nothing else")
  func inputs() async throws {
    for known in KnownCookie.all {
      let facts = try #require(CookieSchemeName(rawValue: known.scheme)).facts
      let bare = Array(known.told.prefix(6))
      let missing = try await BuiltProgram.run(
        ["cookie", "make", "--scheme", known.scheme] + bare)
      #expect(missing.status == 2, "\(missing)")
      #expect(facts.inputs.contains { missing.errors.contains("\(known.scheme) needs \($0.flag)") })
      for stray in CookieInput.allCases where !facts.inputs.contains(stray) {
        let value: String =
          switch stray {
          case .key, .salt: KnownCookie.key0
          case .nonce: String(repeating: "00", count: 64)
          case .secmod, .count, .epoch, .ownWindowScale: "7"
          case .largestSize: "1460"
          case .time: "1s"
          }
        let outcome = try await BuiltProgram.run(
          ["cookie", "make", "--scheme", known.scheme] + known.told + [stray.flag, value])
        #expect(outcome.status == 2, "\(known.scheme) \(stray)")
        #expect(outcome.errors.contains("\(stray.flag) is not an input of \(known.scheme)"))
      }
    }
  }
}
