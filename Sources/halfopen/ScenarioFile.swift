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
    for (key, value) in try mapping(text(at: path), path: path) {
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
    } catch let error as YamlError {
      throw ScenarioSyntax.failure(of: error, in: text, path: path)
    } catch {
      throw Failure(.usage, "\(path): this is no YAML.")
    }
  }

  private static func text(at path: String) throws(Failure) -> String {
    guard !path.isEmpty else { throw Failure(.usage, "cannot read a scenario without a name.") }
    var octets = Data()
    do {
      let file = try FileHandle(forReadingFrom: URL(filePath: path))
      defer { try? file.close() }
      while octets.count <= sizeLimit, let piece = try file.read(upToCount: 65_536),
        !piece.isEmpty
      { octets += piece }
    } catch {
      throw refusal(of: error, path: path)
    }
    guard octets.count <= sizeLimit else {
      throw Failure(.usage, "\(path): a scenario has at most \(sizeLimit) octets.")
    }
    guard let text = String(validating: octets, as: UTF8.self) else {
      throw Failure(.usage, "\(path): a scenario is text in UTF-8, and this is not.")
    }
    return text
  }

  private static func refusal(of error: any Error, path: String) -> Failure {
    switch (error as? CocoaError)?.code {
    case .fileReadNoPermission?:
      Failure(.permission, "cannot read the scenario \(path): permission denied.")
    case .fileNoSuchFile?, .fileReadNoSuchFile?:
      Failure(.usage, "cannot read the scenario \(path): there is no such file.")
    default:
      Failure(.usage, "cannot read the scenario \(path): it is no file that can be read.")
    }
  }

  /// More than this is no scenario but a mistake, such as a device that never ends.
  private static let sizeLimit = 1 << 20

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
