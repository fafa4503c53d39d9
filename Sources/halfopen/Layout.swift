import ArgumentParser
import LinuxPacketIO
import Wire

/// Shows where C puts the fields of a struct, and in which order their octets.
struct Layout: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "layout",
    abstract: "Draw a C struct's octets: aligned and packed, in network order and in the host's.",
    discussion: """
      A field is TYPE, NAME:TYPE or a declaration as in C, and =VALUE behind it says what it holds; \
      without it the octets count up, so that they can be told apart. Without fields the two records \
      of halfopen datagram are shown.

        halfopen layout
        halfopen layout char[13] int32 uint16 double
        halfopen layout 'char name[13]=Ada' 'uint32_t math=91' chinese:uint32=88
        halfopen layout 'unsigned long=1' 'void *' short[3]=1,2,3 --model ilp32
        halfopen layout --record variable --format json

      Types: char, short, int, long, long long (signed or unsigned), int8_t to uint64_t (also \
      without _t), size_t and its kin, float, double, long double, bool, any pointer, and arrays of \
      them.
      """)

  @Argument(help: "The fields, in their order.")
  var fields: [String] = []

  @Option(help: "Show a record of halfopen datagram: fixed or variable.")
  var record: RecordName?

  @Option(help: "Whose sizes: lp64 (64-bit Linux) or ilp32 (32-bit x86).")
  var model = ModelName.lp64

  @Option(help: "How to print.")
  var format = Format.text

  @Option(name: .shortAndLong, help: "Write to this file instead of standard output.")
  var output: String?

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
  }

  enum ModelName: String, ExpressibleByArgument, CaseIterable {
    case lp64
    case ilp32
  }

  enum RecordName: String, ExpressibleByArgument, CaseIterable {
    case fixed
    case variable
  }

  func validate() throws {
    guard fields.isEmpty || record == nil else {
      throw ValidationError("--record shows a record; leave out the fields, or it.")
    }
    guard fields.count <= 64 else {
      throw ValidationError("at most 64 fields can be drawn, not \(fields.count).")
    }
  }

  func run() throws {
    let structs = try self.structs()
    let isColoured = output == nil && Terminal.isTerminal(1) && LadderOptions.wantsColour
    let text =
      switch format {
      case .text:
        structs.map { LayoutText(drawn: $0, isColoured: isColoured).text }.joined(separator: "\n")
      case .json:
        JSONValue.object([
          ("schema", .string("halfopen.layout/1")), ("model", .string(model.rawValue)),
          ("structs", .array(structs.map(\.json))),
        ]).text + "\n"
      }
    if let output { try OutputFile.write(text, to: output) } else { StandardOutput.write(text) }
  }

  private func structs() throws -> [DrawnStruct] {
    let model: CDataModel =
      switch self.model {
      case .lp64: .lp64
      case .ilp32: .ilp32
      }
    let scores = ["int32_t math=91", "int32_t chinese=88"]
    let fixed = ("fixed", ["char name[13]=Ada"] + scores)
    let variable = ("variable", scores + ["char name[\(ScoreRecord.Form.variable.nameLimit)]=Ada"])
    let shown: [(name: String, fields: [String])] =
      switch record {
      case .fixed?: [fixed]
      case .variable?: [variable]
      case nil: fields.isEmpty ? [fixed, variable] : [("fields", fields)]
      }
    return try shown.map { name, fields in
      let parsed = try fields.enumerated().map { index, text in
        try StructField(parsing: text, number: index + 1, model: model)
      }
      guard parsed.map(\.type.octets).reduce(0, +) <= CType.octetLimit else {
        throw Failure(.usage, "the fields have more than \(CType.octetLimit) octets.")
      }
      return DrawnStruct(name: name, fields: parsed)
    }
  }
}
