import Determinism
import FloodSimulation
import KernelLab

/// A chart of both half-open curves.
enum LabRunPlot {
  /// Draws the runs to `path`, whose ending says as what.
  ///
  /// - Throws: ``Failure``, as ``Gnuplot/draw(to:size:_:)`` does.
  static func draw(_ comparison: LabComparison, to path: String) throws {
    let runs = Array(zip(comparison.kernel, comparison.model).enumerated())
    let blocks = runs.map { number, run in
      "$run\(number) << END\n"
        + zip(run.0.samples, run.1.samples).map { kernel, model in
          "\(kernel.at.seconds) \(kernel.halfOpen) \(model.halfOpen)\n"
        }.joined() + "END\n"
    }
    let curves = runs.map { number, _ in
      let name = runs.count > 1 ? ", run \(number + 1)" : ""
      return "$run\(number) using 1:3 with lines linewidth 4 linecolor rgb '#9ecae1' "
        + "title 'model\(name)', $run\(number) using 1:2 with lines linewidth 1.5 "
        + "linecolor rgb '#08306b' title 'kernel\(name)'"
    }
    try Gnuplot.draw(
      to: path, size: "900,450",
      """
      \(blocks.joined())
      set grid
      set key outside right top
      set xlabel 'time (s)'
      set ylabel 'half-open entries'
      set yrange [0:*]
      plot \(curves.joined(separator: ", "))

      """)
  }
}
