import Foundation
import Yams

/// A scenario in YAML: a mapping of keys to scalars, `mitigation` alone to a list as well.
enum ScenarioFile {
  /// Reads the file at `path` into `plan`.
  ///
  /// - Throws: ``Failure`` that names the file, the line and the key: for what is no YAML, for a
  ///   key that does not exist (with the nearest that does) or stands twice, and for a value that
  ///   its key cannot take.
  static func read(_ path: String, into plan: inout SimulationPlan) throws(Failure) {
    let text: String
    do {
      text = try String(contentsOfFile: path, encoding: .utf8)
    } catch {
      throw Failure(.usage, "cannot read the scenario \(path): \(error.localizedDescription)")
    }
    for (key, value) in try mapping(text, path: path) {
      let line = key.mark.map { "\(path):\($0.line)" } ?? path
      guard let name = key.scalar?.string, let known = ScenarioKey.named(name) else {
        let written = key.scalar?.string ?? "?"
        let nearest = NearestName.nearest(to: written, among: ScenarioKey.all.map(\.name))
        throw Failure(
          .usage, "\(line): there is no key '\(written)'; did you mean '\(nearest ?? "")'?")
      }
      do {
        try known.read(try scalar(value), &plan)
      } catch {
        throw Failure(.usage, "\(line): \(name) \(error)")
      }
    }
  }

  private static func mapping(
    _ text: String, path: String
  ) throws(Failure) -> [(key: Node, value: Node)] {
    do {
      guard let root = try Yams.compose(yaml: text) else { return [] }
      guard let mapping = root.mapping else {
        throw Failure(.usage, "\(path): a scenario is a list of 'key: value' lines.")
      }
      return mapping.map { (key: $0.key, value: $0.value) }
    } catch let failure as Failure {
      throw failure
    } catch {
      let sentence = "\(error)".split(separator: "\n").joined(separator: " ")
      throw Failure(.usage, "\(path): this is no YAML: \(sentence)")
    }
  }

  private static func scalar(_ value: Node) throws(ScenarioProblem) -> String {
    if let scalar = value.scalar { return scalar.string }
    if let words = value.sequence?.map({ $0.scalar?.string }), !words.contains(nil) {
      return words.compactMap(\.self).joined(separator: ",")
    }
    throw ScenarioProblem(expected: "a single value", found: "a mapping")
  }

  /// The merged scenario as a file that reads back as the same.
  static func text(of plan: SimulationPlan) -> String {
    ScenarioKey.all.map { "\($0.name): \($0.write(plan).text)\n" }.joined()
  }
}
