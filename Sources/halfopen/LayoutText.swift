import Wire

/// A struct's layouts for people: the declaration, a table, both pictures, and what to call before
/// it is sent.
struct LayoutText {
  let drawn: DrawnStruct
  let isColoured: Bool

  /// All of it, each line ended.
  var text: String {
    let aligned = drawn.aligned
    let packed = drawn.packed
    let lost = aligned.padding.reduce(0) { $0 + $1.count }
    var text = declaration + "\n" + table + "\n"
    if lost == 0 && aligned.octets == packed.octets {
      text +=
        "aligned and packed are the same: \(Self.octets(aligned.octets)), alignment "
        + "\(aligned.alignment)\n\n" + picture(of: aligned)
    } else {
      text +=
        "aligned: \(Self.octets(aligned.octets)), \(lost) of them padding, alignment "
        + "\(aligned.alignment)\n\n" + picture(of: aligned)
        + "\npacked: \(Self.octets(packed.octets)), at any address\n\n" + picture(of: packed)
    }
    return text + "\n" + conversions
  }

  private static func octets(_ count: Int) -> String { count == 1 ? "1 octet" : "\(count) octets" }

  private var declaration: String {
    let lines = drawn.fields.map { field in
      let lengths = field.type.lengths.map { "[\($0)]" }.joined()
      let blank = field.type.scalar.hasSuffix("*") ? "" : " "
      return "  \(field.type.scalar)\(blank)\(field.name)\(lengths);\n"
    }
    return "struct \(drawn.name) {\n" + lines.joined() + "};\n"
  }

  private var table: String {
    TextTable.text(
      header: ["field", "octets", "alignment", "aligned at", "packed at", "value"],
      rows: drawn.fields.indices.map { index in
        let field = drawn.fields[index]
        return [
          field.name, "\(field.type.octets)", "\(field.type.alignment)",
          "\(drawn.aligned.offsets[index])", "\(drawn.packed.offsets[index])",
          field.value.map { TerminalText.harmless($0.text) } ?? "–",
        ]
      })
  }

  private func picture(of layout: StructLayout) -> String {
    var frames = [Int](repeating: 0, count: layout.octets)
    for (index, offset) in layout.offsets.enumerated() {
      for place in offset..<offset + drawn.fields[index].type.octets { frames[place] = index }
    }
    for (index, range) in layout.padding.enumerated() {
      for place in range { frames[place] = drawn.fields.count + index }
    }
    return OctetGrid(
      pictures: [drawn.octets(layout, in: .big), drawn.octets(layout, in: .little)],
      titles: ["big endian: network order", "little endian: x86, ARM"],
      frames: frames, names: drawn.fields.map(\.name) + layout.padding.map { _ in "padding" },
      isColoured: isColoured
    ).text
  }

  /// What htonl and its kin do to each field.
  private var conversions: String {
    let width = drawn.fields.map(\.name.count).max() ?? 0
    return drawn.fields.map { field in
      let order = NetworkOrder(field.type)
      let head = field.name.padded(to: width) + "  "
      guard let function = order.function, let value = field.value else {
        return head + (order.reason ?? "") + "\n"
      }
      let size = field.type.scalarOctets
      let hex = { (order: ByteOrder) in
        "0x" + value.octets(in: order).prefix(size).map(OctetGrid.hex).joined()
      }
      let each = field.type.lengths.isEmpty ? "" : "each by itself: "
      let misread = value.firstMisread.map {
        ";\n" + String(repeating: " ", count: width + 2)
          + "without it the other kind of machine reads \($0)"
      }
      return head + each
        + "\(function)(\(hex(.big))) is \(hex(.little)) on a little-endian machine, "
        + "itself on a big-endian one\(misread ?? "")\n"
    }.joined()
  }
}
