import Wire

/// A struct with its two layouts.
struct DrawnStruct {
  let name: String
  let fields: [StructField]
  let aligned: StructLayout
  let packed: StructLayout

  init(name: String, fields: [StructField]) {
    self.name = name
    self.fields = fields
    aligned = StructLayout(of: fields.map(\.type), isPacked: false)
    packed = StructLayout(of: fields.map(\.type), isPacked: true)
  }

  /// The octets of the struct; nil for those of padding and of values that nobody has agreed on.
  func octets(_ layout: StructLayout, in order: ByteOrder) -> [UInt8?] {
    var octets = [UInt8?](repeating: nil, count: layout.octets)
    for (field, offset) in zip(fields, layout.offsets) {
      for (index, octet) in (field.value?.octets(in: order) ?? []).enumerated() {
        octets[offset + index] = octet
      }
    }
    return octets
  }

  /// All of it for machines; an octet that is none of a value's is written as two dashes.
  var json: JSONValue {
    let fields = zip(self.fields, zip(aligned.offsets, packed.offsets)).map { field, offsets in
      JSONValue.object([
        ("name", .string(field.name)), ("type", .string("\(field.type)")),
        ("value", field.value.map { .string($0.text) } ?? .null),
        ("converted_by", NetworkOrder(field.type).function.map { .string($0) } ?? .null),
        ("size_octets", .integer(field.type.octets)),
        ("alignment_octets", .integer(field.type.alignment)),
        ("aligned_offset_octets", .integer(offsets.0)),
        ("packed_offset_octets", .integer(offsets.1)),
      ])
    }
    return .object([
      ("name", .string(name)), ("fields", .array(fields)), ("aligned", json(aligned)),
      ("packed", json(packed)),
    ])
  }

  private func json(_ layout: StructLayout) -> JSONValue {
    let padding = layout.padding.map { range in
      JSONValue.object([
        ("offset_octets", .integer(range.lowerBound)), ("size_octets", .integer(range.count)),
      ])
    }
    let hex = { (order: ByteOrder) -> JSONValue in
      .string(octets(layout, in: order).map(OctetGrid.hex).joined())
    }
    return .object([
      ("size_octets", .integer(layout.octets)), ("alignment_octets", .integer(layout.alignment)),
      ("padding", .array(padding)), ("big_endian", hex(.big)), ("little_endian", hex(.little)),
    ])
  }
}

/// What a C program calls before it sends a value, so that every machine reads the same.
struct NetworkOrder {
  /// The function; nil where there is none, or nothing to do.
  let function: String?
  /// Why there is none.
  let reason: String?

  init(_ type: CType) {
    switch (type.kind, type.scalarOctets) {
    case (.floating, let octets):
      function = nil
      reason = "no function takes it: copy its bits into a uint\(8 * octets)_t first"
    case (.extended, _):
      function = nil
      reason = "no two kinds of processor agree on it: send something else"
    case (.pointer, _):
      function = nil
      reason = "an address means nothing to another process: do not send it"
    case (_, 2): (function, reason) = ("htons", nil)
    case (_, 4): (function, reason) = ("htonl", nil)
    case (_, 8): (function, reason) = ("htobe64", nil)
    default: (function, reason) = (nil, "single octets have no order")
    }
  }
}
