import Wire

/// A field of a struct, as the command line says it.
struct StructField {
  let name: String
  let type: CType
  /// What it holds; nil for what has no agreed octets.
  let value: CValue?

  /// Reads `TYPE`, `NAME:TYPE` or a declaration, with `=VALUE` or without.
  ///
  /// - Parameters:
  ///   - text: The argument.
  ///   - number: Its place from 1, which names a field without a name.
  ///   - model: Whose sizes count.
  /// - Throws: ``Failure``, naming the argument and what is near it.
  init(parsing text: String, number: Int, model: CDataModel) throws(Failure) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let declaration = String(parts.first ?? "")
    (name, type) = try Self.declared(declaration, number: number, model: model)
    guard parts.count == 2 else {
      value = CValue.sample(of: type)
      return
    }
    do throws(CValueError) {
      value = try CValue(parsing: String(parts[1]), as: type)
    } catch {
      throw Failure(.usage, "the value of '\(text)', a \(type), is wrong: \(error).")
    }
  }

  private static func declared(
    _ text: String, number: Int, model: CDataModel
  ) throws(Failure) -> (String, CType) {
    let halves = text.split(separator: ":", maxSplits: 1).map(String.init)
    if halves.count == 2, !halves[0].isEmpty {
      return (halves[0], try type(halves[1], in: text, model: model))
    }
    if let type = try? CType(parsing: text, model: model) { return ("f\(number)", type) }
    // In C the name stands between the type and the array's lengths.
    let declaration = /(.*[\s*])([A-Za-z_]\w*)\s*((?:\[[^\]]*\])*)\s*/
    if let match = text.wholeMatch(of: declaration) {
      let (_, scalar, name, lengths) = match.output
      if let type = try? CType(parsing: "\(scalar)\(lengths)", model: model) {
        return (String(name), type)
      }
    }
    return ("f\(number)", try type(text, in: text, model: model))
  }

  private static func type(
    _ text: String, in argument: String, model: CDataModel
  ) throws(Failure) -> CType {
    do throws(CTypeError) {
      return try CType(parsing: text, model: model)
    } catch {
      switch error {
      case .unknown(let name):
        let nearest = NearestName.nearest(to: name, among: model.scalarNames)
        let advice = nearest.map { "; did you mean '\($0)'?" } ?? "."
        throw Failure(.usage, "'\(argument)': C has no type '\(name)' that is known here\(advice)")
      case .impossibleLength:
        throw Failure(.usage, "'\(argument)': an array's length must be a number above 0.")
      case .tooLarge:
        throw Failure(.usage, "'\(argument)' has more than \(CType.octetLimit) octets.")
      }
    }
  }
}
