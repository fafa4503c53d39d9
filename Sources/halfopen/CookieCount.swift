import ArgumentParser
import SynCookies

/// Counts the acknowledgment numbers that a scheme accepts.
struct CookieCount: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "count",
    abstract: "Try all 2^32 cookies of one connection, and count those that are accepted.",
    discussion: """
      Every number is put to the scheme as an ACK that brings it back; keys, connection and time \
      come from the seed. All processors are used, and the result does not depend on how many they \
      are. It takes a minute or so a scheme, of gvisor many.

      EXAMPLES
        halfopen cookie count --scheme bernstein
        halfopen cookie count --scheme all --format json

      Exit status: 0 when each count is what the layout says, 1 when one is not.
      """)

  /// The schemes that are counted.
  struct Choice {
    let names: [CookieSchemeName]

    static func parse(_ text: String) throws -> Self {
      Self(
        names: text == "all" ? CookieSchemeName.allCases : [try CookieArgument.scheme(text)])
    }
  }

  @Option(
    help: ArgumentHelp("Which scheme, or all of them. (default: all)", valueName: "name"),
    transform: Choice.parse)
  var scheme = Choice(names: CookieSchemeName.allCases)

  @Option(help: "Equal seeds give equal keys, connections and times.")
  var seed: UInt64 = 1

  @Option(help: "How to print: text, or json.")
  var format = Cookie.Format.text

  func run() async throws {
    var counts: [(census: CookieCensus, count: Int)] = []
    for name in scheme.names {
      let census = CookieCensus(of: name, seed: seed)
      counts.append((census, await Self.count(census)))
    }
    StandardOutput.write(text(of: counts))
    let wrong = counts.filter { $0.count != $0.census.expected }.map(\.census.name.rawValue)
    guard wrong.isEmpty else {
      throw Failure(
        .expectationFailed,
        "\(wrong.joined(separator: ", ")): the count is not what the layout says.")
    }
  }

  private static func count(_ census: CookieCensus) async -> Int {
    var line = ProgressLine()
    defer { line.clear() }
    return await withTaskGroup(of: Int.self) { group in
      for part in 0..<CookieCensus.parts {
        group.addTask { census.accepted(of: CookieCensus.numbers(ofPart: part)) }
      }
      var (count, done) = (0, 0)
      for await found in group {
        count += found
        done += 1
        line.show("\(census.name.rawValue): \(100 * done / CookieCensus.parts) % of 2^32 tried")
      }
      return count
    }
  }

  private func text(of counts: [(census: CookieCensus, count: Int)]) -> String {
    switch format {
    case .text:
      TextTable.text(
        header: ["scheme", "counted", "expected"],
        rows: counts.map { counted in
          [counted.census.name.rawValue, "\(counted.count)", "\(counted.census.expected)"]
        })
    case .json:
      JSONValue.object([
        Cookie.schema,
        (
          "counts",
          .array(
            counts.map { counted in
              .object([
                ("scheme", .string(counted.census.name.rawValue)),
                ("counted", .integer(counted.count)),
                ("expected", .integer(counted.census.expected)),
              ])
            })
        ),
      ]).text + "\n"
    }
  }
}
