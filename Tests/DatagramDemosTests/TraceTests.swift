import Foundation
import TestSupport
import Testing

@Suite(
  "halfopen datagram trace, through a chain of routers and without any privilege",
  .enabled(
    if: Neighbourhood.isPossible,
    "skipped, because this process lacks CAP_SYS_ADMIN or CAP_NET_ADMIN"))
struct TraceTests {
  private let scratch: ScratchDirectory

  init() throws {
    scratch = try ScratchDirectory()
  }

  /// One line of `--format jsonl`.
  private struct Hop: Decodable {
    struct Reply: Decodable, Equatable {
      let from: String
      let says: String
      let roundTrip: Int

      private enum CodingKeys: String, CodingKey {
        case from, says
        case roundTrip = "round_trip_ns"
      }
    }

    let schema: String
    let hop: Int
    let reached: Bool
    let replies: [Reply?]
  }

  private static let ways = [
    ["198.18.1.2", "198.18.2.2", "198.18.3.2", "198.18.4.2"],
    ["2001:db8:1::2", "2001:db8:2::2", "2001:db8:3::2", "2001:db8:4::2"],
  ]

  @Test("tells every router, in order, and the host", arguments: ways)
  func everyRouter(way: [String]) async throws {
    let host = try #require(way.last)
    let outcome = try await RouterChain.run("trace \(host) --format jsonl", in: scratch)
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    let hops = try outcome.text.split(separator: "\n").map {
      try JSONDecoder().decode(Hop.self, from: Data($0.utf8))
    }
    #expect(hops.map(\.hop) == [1, 2, 3, 4])
    #expect(hops.map(\.reached) == [false, false, false, true])
    for (hop, router) in zip(hops, way) {
      #expect(hop.schema == "halfopen.datagram.trace/1")
      #expect(hop.replies.map { $0?.from } == [router, router, router])
      let words = router == host ? "port unreachable" : "hop limit exceeded"
      #expect(hop.replies.allSatisfy { $0?.says == words && $0?.roundTrip ?? 0 > 0 })
    }
  }

  @Test("draws a table, and gives the same as one JSON object", arguments: ways)
  func table(way: [String]) async throws {
    let host = try #require(way.last)
    let outcome = try await RouterChain.run(
      "trace \(host) --queries 2; trace \(host) --queries 2 --format json -o out; cat out",
      in: scratch)
    let lines = outcome.text.split(separator: "\n")
    try #require(lines.count == 6, "\(outcome.text)\(outcome.errors)")
    #expect(
      lines[0].wholeMatch(of: /hop  address +round trip 1 +round trip 2/) != nil)
    let row = /\s+(\d)  (\S+)\s+\d+\.\d{3} ms\s+\d+\.\d{3} ms(?:  (.*))?/
    let rows = lines[1..<5].compactMap { $0.wholeMatch(of: row)?.output }
    #expect(rows.map { "\($0.1) \($0.2)" } == way.enumerated().map { "\($0 + 1) \($1)" })
    #expect(rows.map { $0.3 } == [nil, nil, nil, "port unreachable"])
    let head = #"{"schema":"halfopen.datagram.trace/1","host":"\#(host)","reached":true,"hops":[{"#
    #expect(lines[5].hasPrefix(head), "\(lines[5])")
  }

  @Test(
    "says where the way ends, and ends with 1",
    arguments: [
      ("198.18.99.1", "198.18.3.2", "host unreachable"),
      ("198.18.98.1", "198.18.3.2", "communication administratively prohibited"),
      ("2001:db8:99::1", "2001:db8:3::2", "no route to destination"),
    ])
  func obstacles(host: String, router: String, words: String) async throws {
    let outcome = try await RouterChain.run("trace \(host) --queries 1", in: scratch)
    #expect(outcome.status == 1)
    #expect(outcome.errors == "halfopen: there is no way to \(host): \(words).\n")
    let last = try #require(outcome.text.split(separator: "\n").last)
    #expect(last.hasPrefix("  3  \(router) ") && last.hasSuffix(" ms  \(words)"), "\(last)")
  }

  @Test("goes past a router that says nothing, and does not go further than it is told")
  func silence() async throws {
    let outcome = try await RouterChain.run(
      """
      on h2 nft 'add table inet quiet
        add chain inet quiet out { type filter hook output priority 0; }
        add rule inet quiet out icmp type time-exceeded drop' || exit 90
      trace 198.18.4.2 --queries 1 --timeout 200ms --format jsonl
      trace 198.18.4.2 --queries 1 --timeout 200ms --first-hop 2 --max-hops 3
      """, in: scratch)
    #expect(outcome.status == 1)
    #expect(outcome.errors == "halfopen: 198.18.4.2 was not reached within 3 hops.\n")
    let lines = outcome.text.split(separator: "\n")
    try #require(lines.count == 7, "\(outcome.text)\(outcome.errors)")
    #expect(lines[1].hasSuffix(#""hop":2,"reached":false,"replies":[null]}"#))
    #expect(lines[2].contains(#""from":"198.18.3.2""#))
    #expect(lines[3].contains(#""from":"198.18.4.2","says":"port unreachable""#))
    #expect(lines[5] == "  2  no reply within 200ms" && lines[6].hasPrefix("  3  198.18.3.2 "))
  }

  @Test("takes an answer for an arrival")
  func answers() async throws {
    let server = """
      import socket, sys
      s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
      s.bind(("198.18.4.2", 40003))
      print("listening", file=sys.stderr, flush=True)
      data, peer = s.recvfrom(512)
      s.sendto(b"here", peer)
      """
    try Data(server.utf8).write(to: scratch.url.appending(path: "server.py"))
    let outcome = try await RouterChain.run(
      """
      on h4 setpriv --pdeathsig KILL python3 server.py 2> server &
      for _ in $(seq 500); do grep -q listening server && break; sleep 0.02; done
      trace 198.18.4.2 --queries 1 --port 40000
      """, in: scratch)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.text.hasSuffix(" ms  answer\n"), "\(outcome.text)")
  }

  @Test("ends cleanly on either signal", arguments: [("INT", 130), ("TERM", 143)])
  func signals(name: String, status: Int32) async throws {
    let outcome = try await RouterChain.run(
      """
      on h4 nft 'add table inet quiet
        add chain inet quiet out { type filter hook output priority 0; }
        add rule inet quiet out icmp type destination-unreachable drop' || exit 90
      setpriv --pdeathsig KILL "$halfopen" datagram trace 198.18.4.2 --first-hop 3 \\
        --timeout 60s > table 2> messages &
      for _ in $(seq 500); do grep -q 198.18.3.2 table && break; sleep 0.02; done
      kill -\(name) $!; wait $!; echo "status $?"; cat table messages
      """, in: scratch)
    #expect(outcome.text.hasPrefix("status \(status)\nhop  address "), "\(outcome.text)")
    #expect(outcome.text.split(separator: "\n").count == 3, "\(outcome.text)")
  }

  @Test("needs a route, and says so")
  func noRoute() async throws {
    let outcome = try await RouterChain.run("ip route del default; trace 198.18.4.2", in: scratch)
    #expect(outcome.status == 1 && outcome.output.isEmpty)
    #expect(outcome.errors.contains("no route leads to 198.18.4.2"))
  }

  @Test("wants one host", arguments: ["239.1.2.3", "ff05::1", "255.255.255.255"])
  func severalHosts(address: String) async throws {
    let outcome = try await BuiltProgram.run(["datagram", "trace", address])
    #expect(outcome.status == 2 && outcome.output.isEmpty)
    #expect(outcome.errors == "halfopen: \(address) is no single host's address.\n")
  }

  @Test(
    "refuses what makes no sense",
    arguments: [
      "--max-hops 0", "--max-hops 256", "--first-hop 31", "--queries 11", "--timeout 0s",
      "--timeout 61s", "--port 0", "--port 65500",
    ])
  func usage(line: String) async throws {
    let words = line.split(separator: " ").map(String.init)
    let outcome = try await BuiltProgram.run(["datagram", "trace", "127.0.0.1"] + words)
    #expect(outcome.status == 2 && outcome.errors.contains("\(words[0]) must be"))
  }
}
