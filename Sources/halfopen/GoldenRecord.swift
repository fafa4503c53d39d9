import KernelLab

/// Replayed tables in every format.
struct GoldenRecord {
  let rows: [GoldenRow]

  /// A table of tables, for people.
  var text: String {
    let kernel = DoctorReport.content(of: "kernel/osrelease") ?? "of unknown release"
    let body = GoldenRow.Table.allCases.compactMap { table -> String? in
      let rows = rows.filter { $0.table == table }
      guard !rows.isEmpty else { return nil }
      return TextTable.text(
        header: [Self.title(of: table), "table", "kernel", "model", "may be off", "verdict"],
        rows: rows.map(Self.cells))
    }
    let parted = rows.filter { !$0.agrees }
    let verdict =
      parted.isEmpty
      ? "all \(rows.count) figures agree.\n"
      : "\(parted.count) of \(rows.count) figures parted.\n"
    return "Linux \(kernel) beside the measured tables and the model\n\n"
      + body.joined(separator: "\n") + "\n" + verdict
  }

  /// One object.
  var json: JSONValue {
    .object([
      ("schema", .string("halfopen.lab-golden/1")),
      ("version", .string(Halfopen.version)),
      ("kernel", .string(DoctorReport.content(of: "kernel/osrelease") ?? "")),
      ("verdict", .string(rows.allSatisfy(\.agrees) ? "agree" : "parted")),
      ("rows", .array(rows.map { .object(Self.members(of: $0)) })),
    ])
  }

  /// A row a figure.
  var csv: String {
    "table,name,figure_min,figure_max,kernel_min,kernel_max,model,tolerance,kernel_agrees,model_agrees\n"
      + rows.map { row in
        Self.members(of: row).map { member in
          switch member.value {
          case .string(let text): text.contains(",") ? "\"\(text)\"" : text
          case .null: ""
          case .object, .array, .integer, .unsigned, .wide, .number, .boolean: member.value.text
          }
        }.joined(separator: ",") + "\n"
      }.joined()
  }

  private static func members(of row: GoldenRow) -> [(key: String, value: JSONValue)] {
    [
      ("table", .string(row.table.rawValue)), ("name", .string(row.name)),
      ("figure_min", JSONValue(row.figure?.lowerBound)),
      ("figure_max", JSONValue(row.figure?.upperBound)),
      ("kernel_min", .number(row.kernel.lowerBound)),
      ("kernel_max", .number(row.kernel.upperBound)),
      ("model", JSONValue(row.model)), ("tolerance", .number(row.tolerance)),
      ("kernel_agrees", .boolean(row.kernelAgrees)), ("model_agrees", .boolean(row.modelAgrees)),
    ]
  }

  private static func cells(_ row: GoldenRow) -> [String] {
    let mark =
      switch (row.kernelAgrees, row.modelAgrees) {
      case (true, true): "agree"
      case (false, true): "the kernel parted"
      case (true, false): "the model parted"
      case (false, false): "both parted"
      }
    return [
      row.name, row.figure.map { range($0, row.table) } ?? "–", range(row.kernel, row.table),
      row.model.map { number($0, row.table) } ?? "–",
      row.tolerance == 0 ? "0" : number(row.tolerance, row.table), mark,
    ]
  }

  private static func range(_ range: ClosedRange<Double>, _ table: GoldenRow.Table) -> String {
    let ends = [range.lowerBound, range.upperBound].map { number($0, table) }
    return ends[0] == ends[1] ? ends[0] : ends.joined(separator: "–")
  }

  private static func number(_ number: Double, _ table: GoldenRow.Table) -> String {
    switch table {
    case .capacity, .acceptQueue: NumberText.decimals(number, 0)
    case .lifetime, .stall: NumberText.decimals(number, 2) + " s"
    case .admission: NumberText.decimals(number, 1) + "/s"
    case .firstSyn: NumberText.decimals(number, 3)
    case .occupancy: NumberText.decimals(number, 1)
    }
  }

  private static func title(of table: GoldenRow.Table) -> String {
    switch table {
    case .capacity: "half-open entries that a listener holds"
    case .acceptQueue: "connections that wait when nobody accepts"
    case .lifetime: "life of an unanswered entry"
    case .admission: "SYNs that get a slot, once settled"
    case .firstSyn: "clients connected by their first SYN"
    case .stall: "wait after a lost final ACK, only listening"
    case .occupancy: "half-open entries under a long flood"
    }
  }
}
