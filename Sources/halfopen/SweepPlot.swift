import FloodSimulation
import Foundation

/// A chart of a sweep: closed forms as lines, under the simulated points with their intervals.
enum SweepPlot {
  /// Draws a sweep to `path`, whose ending says as what.
  ///
  /// - Throws: ``Failure``, as ``Gnuplot/draw(to:_:)`` and ``numbers(of:)`` do.
  static func draw(
    _ sweep: SimulationSweep, _ points: [[SweepPoint]], to path: String
  ) throws {
    let numbers = try numbers(of: sweep)
    try Gnuplot.draw(to: path, size: "1000,600", script(for: sweep, points, numbers))
  }

  /// The values swept over; to be asked for before anything is run in vain.
  ///
  /// - Throws: ``Failure`` (2) where they are no numbers.
  @discardableResult
  static func numbers(of sweep: SimulationSweep) throws(Failure) -> [Double] {
    guard let numbers = sweep.axis.numbers else {
      throw Failure(.usage, "--plot draws a sweep over numbers, not over \(sweep.axis.key.flag).")
    }
    return numbers
  }

  private static func script(
    for sweep: SimulationSweep, _ points: [[SweepPoint]], _ numbers: [Double]
  ) -> String {
    let blocks = sweep.curves.indices.map { place in
      let line = (sweep.axis.fineNumbers(300) ?? []).map { number in
        "\(number) \(percent(sweep.expectedSuccess(of: sweep.curves[place], at: number)))\n"
      }
      let marks = zip(numbers, points).map { number, row in
        let success = row[place].comparison.settled.successRatio
        return "\(number) \(percent(success?.mean)) \(percent(success?.halfWidth))\n"
      }
      return
        "$line\(place) << END\n\(line.joined())END\n$marks\(place) << END\n\(marks.joined())END\n"
    }
    // Clearly apart for all eyes, in print too (Okabe and Ito), and each with a mark of its own.
    let colours = ["#D55E00", "#009E73", "#0072B2", "#E69F00", "#CC79A7", "#56B4E9", "#000000"]
    let lines = sweep.curves.indices.map { place in
      // Wide lines first, so that curves that lie on each other all show.
      let width = max(2, 9 - 1.7 * Double(place))
      return "$line\(place) with lines linewidth \(width) linecolor rgb '"
        + fainter(colours[place % colours.count]) + "' notitle"
    }
    let marks = sweep.curves.indices.map { place in
      "$marks\(place) with yerrorbars linewidth 1.5 pointtype \([7, 5, 9, 13, 11, 6, 4][place % 7]) "
        + "pointsize \(max(0.8, 2 - 0.3 * Double(place))) linecolor rgb '\(colours[place % colours.count])' "
        + "title '\(sweep.curves[place].name)'"
    }
    let margin = sweep.axis.isLogarithmic ? "set logscale x" : ""
    return """
      \(blocks.joined())
      set title "Who gets in\\n{/*0.75 \(sweep.circumstances)}" font ',15'
      \(margin)
      set grid xtics ytics back linetype 1 linewidth 1 linecolor rgb '#CCCCCC'
      set border 3
      set tics nomirror
      set key outside right center Left reverse samplen 2 spacing 1.5 \
        title "points: simulated\\nlines: closed form"
      set xrange [\(numbers.min() ?? 0):\(numbers.max() ?? 1)]
      set offsets graph 0.02, graph 0.02, 0, 0
      set yrange [-3:106]
      set ytics 0,20,100 format '%g %%'
      set format x '%.0f'
      set xlabel '\(sweep.axis.key.flag.dropFirst(2).replacing("-", with: " "))'
      set ylabel 'clients who get in'
      plot \((lines + marks).joined(separator: ", \\\n  "))

      """
  }

  private static func percent(_ share: Double?) -> String {
    share.map { String(100 * $0) } ?? "NaN"
  }

  /// A colour mixed with as much white.
  private static func fainter(_ colour: String) -> String {
    let number = Int(colour.dropFirst(), radix: 16) ?? 0
    let parts = [16, 8, 0].map { (number >> $0 & 0xFF) / 2 + 0x7F }
    return "#" + parts.map { String(format: "%02X", $0) }.joined()
  }
}
