/// How large C's types are, and what their addresses are multiples of.
public enum CDataModel: String, Hashable, Sendable, CaseIterable {
  /// 64-bit Linux on x86-64: `long` and pointers of 64 bits (System V ABI, AMD64 supplement,
  /// figure 3.1).
  case lp64
  /// 32-bit Linux on i386: `long` and pointers of 32 bits, and nothing is aligned to more than 4
  /// octets inside a struct (System V ABI, Intel386 supplement, figure 2.1).
  case ilp32

  /// The octets of a pointer.
  public var pointerOctets: Int {
    switch self {
    case .lp64: 8
    case .ilp32: 4
    }
  }

  /// A scalar's meaning and measures.
  struct Scalar {
    var kind: CType.Kind
    var octets: Int
    var alignment: Int
  }

  /// The scalars by their names.
  var scalars: [String: Scalar] {
    switch self {
    case .lp64: Self.tables.lp64
    case .ilp32: Self.tables.ilp32
    }
  }

  /// The names of the scalars, in their order.
  public var scalarNames: [String] { scalars.keys.sorted() }

  private static let tables = (lp64: table(for: .lp64), ilp32: table(for: .ilp32))

  private static func table(for model: Self) -> [String: Scalar] {
    let word = model.pointerOctets
    var table: [String: Scalar] = [:]
    func add(_ names: [String], _ kind: CType.Kind, _ octets: Int, alignment: Int? = nil) {
      for name in names {
        table[name] = Scalar(
          kind: kind, octets: octets, alignment: min(alignment ?? octets, 2 * word))
      }
    }
    // Of 64 bits i386 aligns to four octets only.
    let long = min(8, word)
    add(["char"], .character, 1)
    add(["signed char", "int8_t"], .signed, 1)
    add(["unsigned char", "uint8_t"], .unsigned, 1)
    add(["bool", "_Bool"], .truth, 1)
    add(["short", "int16_t"], .signed, 2)
    add(["unsigned short", "uint16_t"], .unsigned, 2)
    add(["int", "signed", "int32_t"], .signed, 4)
    add(["unsigned int", "unsigned", "uint32_t"], .unsigned, 4)
    add(["long", "ssize_t", "ptrdiff_t", "intptr_t", "time_t"], .signed, word)
    add(["unsigned long", "size_t", "uintptr_t"], .unsigned, word)
    add(["long long", "int64_t"], .signed, 8, alignment: long)
    add(["unsigned long long", "uint64_t"], .unsigned, 8, alignment: long)
    add(["float"], .floating, 4)
    add(["double"], .floating, 8, alignment: long)
    add(["long double"], .extended, model == .lp64 ? 16 : 12, alignment: model == .lp64 ? 16 : 4)
    return table
  }
}
