import Determinism

/// The formats of the view of listeners.
public enum ListenerFormat: String, Hashable, Sendable, CaseIterable {
  /// For people: a block for each listener.
  case text
  /// One JSON document.
  case json
  /// One JSON object a line: the listeners, then the capture.
  case jsonl
  /// One line a listener, columns with tabulators between, the first line marked with `#`.
  case tsv
  /// The same with commas between (RFC 4180), and without the mark.
  case csv
}

extension ListenerReport {
  /// The report in one of its formats, of whole lines.
  public func text(in format: ListenerFormat) -> String {
    switch format {
    case .text: ListenerText(report: self).text
    case .json: jsonDocument
    case .jsonl: jsonLines
    case .tsv: table(separator: "\t", mark: "#")
    case .csv: table(separator: ",", mark: "")
    }
  }

  private func table(separator: Character, mark: String) -> String {
    var text = mark + ListenerColumn.all.map(\.name).joined(separator: "\(separator)") + "\n"
    for record in records {
      text += ListenerColumn.all.map { $0.value(record).cell(separator: separator) }
        .joined(separator: "\(separator)")
      text += "\n"
    }
    return text
  }

  private var jsonLines: String {
    (records.map(\.json) + [capture]).map { $0.text + "\n" }.joined()
  }

  private var jsonDocument: String {
    "{\"schema\":\"\(ListenerSchema.name)\",\"listeners\":["
      + records.map { "\n" + $0.json.text }.joined(separator: ",")
      + "\n],\"capture\":\(capture.text)}\n"
  }

  private var capture: JSONObject {
    var object = JSONObject()
    object.add("schema", ListenerSchema.name)
    object.add("record", "capture")
    object.add("frames", summary.frameCount)
    object.add("tcp_packets", summary.segmentCount)
    object.add("flows", summary.flowCount)
    object.add("listeners", listeners.count)
    object.add("listeners_forgotten", forgotten)
    object.add("first_time_ns", start?.nanoseconds)
    object.add("syn_acks_without_syn", withoutSyn.synAcks.count)
    object.add(
      "without_syn", withoutSyn.synAcks.count > 0 ? withoutSyn.verdict.rawValue : nil)
    object.add("without_syn_servers", withoutSyn.distinctServers)
    object.add("without_syn_hosts", withoutSyn.distinctHosts)
    object.add("checksums", checksumLines)
    var left = JSONObject()
    for kind in summary.leftOut { left.add(kind.name, kind.count) }
    object.add("left_out", left)
    return object
  }
}

extension ListenerRecord {
  fileprivate var json: JSONObject {
    var object = JSONObject()
    object.add("schema", ListenerSchema.name)
    object.add("record", "listener")
    for column in ListenerColumn.all {
      switch column.value(self) {
      case .text(let text): object.add(column.name, text)
      case .integer(let number): object.add(column.name, number)
      case .number(let number): object.add(column.name, number: number?.ofThreeDigits)
      case .flag(let flag): object.add(column.name, flag)
      case .texts(let texts): object.add(column.name, texts)
      }
    }
    return object
  }
}

extension ListenerColumn.Value {
  /// The value as a cell of a table: `-` for what is not known.
  fileprivate func cell(separator: Character) -> String {
    switch self {
    case .text(let text): Self.quoted(text ?? "-", separator)
    case .integer(let number): number.map { "\($0)" } ?? "-"
    case .number(let number): number.map { "\($0.ofThreeDigits)" } ?? "-"
    case .flag(let flag): flag ? "1" : "0"
    case .texts(let texts):
      Self.quoted(texts.isEmpty ? "-" : texts.joined(separator: "; "), separator)
    }
  }

  /// RFC 4180's quotes where a separator or a quote needs them; no value holds a tabulator.
  private static func quoted(_ text: String, _ separator: Character) -> String {
    guard text.contains(where: { $0 == separator || $0 == "\"" }) else { return text }
    return "\""
      + text.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }
}

extension Double {
  /// The number rounded to three digits that count: no probability here is known better.
  fileprivate var ofThreeDigits: Double {
    guard isFinite, self != 0 else { return self }
    var scale = 1.0
    while (magnitude * scale).rounded() < 100, scale < 1e300 { scale *= 10 }
    return (self * scale).rounded() / scale
  }
}
