import Foundation
import TestSupport
import Testing

@testable import FlowControl

@Suite(
  "The congestion window's rate",
  .enabled(
    if: ReleaseBuild.exists || ReleaseBuild.isDemanded, "skipped, because there is no release build"
  ))
struct CongestionTests {
  static let losses = [0.000_25, 0.001, 0.004]
  static let delays = [20, 80]

  /// Reno's own recovery ends in a time-out where two packets of a window are lost, as happens the
  /// more often the larger windows are: its range begins where NewReno's has long begun.
  @Test("is in proportion to 1/√p and to 1/R", arguments: ["reno", "newreno"])
  func inverseSquareRoot(control: String) async throws {
    var points: [Point] = []
    for loss in Self.losses {
      for delay in Self.delays {
        points.append(try await point(control, loss: loss, delay: delay))
      }
    }
    for point in points {
      #expect(point.error < 0.06, "\(point)")
      #expect(
        (1.1...1.4).contains(point.constant), "C = 1.309 ideally: \(point.constant) \(point)")
    }
    for delay in Self.delays {
      let row = points.filter { $0.delay == delay }
      let slope = exponent(from: row.first, to: row.last, of: \.loss)
      #expect(abs(slope.value + 0.5) <= slope.halfWidth + 0.04, "p^\(slope) at \(delay) ms")
      #expect(slope.halfWidth < 0.04)
    }
    for loss in Self.losses {
      let column = points.filter { $0.loss == loss }
      let slope = exponent(from: column.first, to: column.last, of: \.roundTrip)
      #expect(abs(slope.value + 1) <= slope.halfWidth + 0.05, "R^\(slope) at \(loss)")
      #expect(slope.halfWidth < 0.08)
    }
  }

  struct Point {
    var loss: Double
    var delay: Int
    var rate: Double
    /// Half the width of the rate's 99.9 % confidence interval, as a share of it.
    var error: Double

    /// In seconds: both ways, and a packet of 1,000 octets on its link of 200 Mbit/s.
    var roundTrip: Double { Self.roundTrip(delay: delay) }

    static func roundTrip(delay: Int) -> Double { Double(2 * delay) / 1e3 + 40e-6 }
    var constant: Double { rate * roundTrip * loss.squareRoot() }
  }

  /// The exponent between two points, with what their intervals allow.
  private func exponent(
    from first: Point?, to last: Point?, of axis: (Point) -> Double
  ) -> (value: Double, halfWidth: Double) {
    guard let first, let last else { return (.nan, .nan) }
    let width = log(axis(last) / axis(first))
    return (log(last.rate / first.rate) / width, abs((first.error + last.error) / width))
  }

  /// Some 3,000 losses on a link that is never full.
  private func point(_ control: String, loss: Double, delay: Int) async throws -> Point {
    let roundTrip = Point.roundTrip(delay: delay)
    let rate = CongestionForms.rate(
      roundTrip: roundTrip, loss: loss, constant: CongestionForms.randomConstant)
    let seconds = Int((3_000 / loss / rate).rounded(.up))
    let outcome = try await ReleaseBuild.run(
      [
        "flow", "--control", control, "--routers", "0", "--rate", "200Mbit", "--window", "2000",
        "--delay", "\(delay)ms", "--impair", "loss=\(loss)", "--duration", "\(seconds)s",
        "--seed", "\(delay)", "--format", "json",
      ], timeout: .seconds(300))
    try #require(outcome.status == 0, "\(outcome.errors)")
    let document = try JSONDecoder.snakeCase.decode(FlowDocument.self, from: outcome.output)
    let result = try #require(document.results.first)
    #expect(result.expected.form == "inverse-square-root")
    #expect(abs((result.expected.deliveredPerS ?? 0) / rate - 1) < 1e-3)
    let mean = try #require(result.settled.deliveredPerS)
    return Point(
      loss: loss, delay: delay, rate: mean,
      error: try #require(result.settled.deliveredPerSHalfWidth) / mean)
  }
}

/// What `halfopen flow --format json` says, as far as tests look at it.
struct FlowDocument: Decodable {
  var results: [Result]

  struct Result: Decodable {
    var control: String
    var expected: Expected
    var settled: Settled
  }

  struct Expected: Decodable {
    var form: String?
    var deliveredPerS: Double?
  }

  struct Settled: Decodable {
    var deliveredPerS, deliveredPerSHalfWidth: Double?
  }
}

extension JSONDecoder {
  static var snakeCase: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return decoder
  }
}
