import Determinism
import Foundation
import TestSupport
import Testing
import Wire

@Suite(
  "Layouts held against a C compiler",
  .enabled(if: CProgram.compiler != nil, "skipped, because no C compiler is here"))
struct LayoutAgainstCTests {
  /// A struct with drawn fields, in both languages.
  private struct DrawnStruct {
    let number: Int
    let types: [CType]
    let values: [CValue?]

    init(number: Int, model: CDataModel, using chance: inout SeededGenerator) throws {
      self.number = number
      types = try (0...chance.number(below: 8)).map { _ in
        let names = model.scalarNames + ["void *"]
        let lengths = (0..<[0, 0, 0, 1, 1, 2][Int(chance.number(below: 6))]).map { _ in
          "[\(1 + chance.number(below: 5))]"
        }
        let name = names[Int(chance.number(below: UInt64(names.count)))]
        return try CType(parsing: name + lengths.joined(), model: model)
      }
      values = try types.map { try Self.value(of: $0, using: &chance) }
    }

    private static func value(
      of type: CType, using chance: inout SeededGenerator
    ) throws -> CValue? {
      guard type.kind != .extended else { return nil }
      let words = (0..<type.count).map { _ in
        switch type.kind {
        case .truth: "\(chance.number(below: 2))"
        case .floating: "\(Double(Int32(truncatingIfNeeded: chance.next())) / 1_024)"
        case .signed, .character:
          "\(Int64(bitPattern: chance.next()) >> Int64(64 - 8 * type.scalarOctets))"
        case .unsigned, .pointer, .extended:
          "\(chance.next() >> UInt64(64 - 8 * type.scalarOctets))"
        }
      }
      guard type.kind == .character, type.lengths.count <= 1 else {
        return try CValue(parsing: words.joined(separator: ","), as: type)
      }
      let letters = "abcdefgh".prefix(Int(chance.number(below: UInt64(type.count))) + 1)
      return try CValue(parsing: String(letters), as: type)
    }

    func declaration(isPacked: Bool) -> String {
      let fields = types.enumerated().map { index, type in
        "  \(type.scalar) f\(index)\(type.lengths.map { "[\($0)]" }.joined());\n"
      }
      let name = (isPacked ? "p" : "a") + "\(number)"
      return "struct \(name) {\n\(fields.joined())}\(isPacked ? " PACKED" : "");\n"
    }

    /// What must hold for both layouts, told to the compiler.
    var assertions: String {
      [false, true].map { isPacked in
        let layout = StructLayout(of: types, isPacked: isPacked)
        let name = "struct " + (isPacked ? "p" : "a") + "\(number)"
        let offsets = layout.offsets.enumerated().map {
          "_Static_assert(__builtin_offsetof(\(name), f\($0)) == \($1), \"\(name)\");\n"
        }
        return declaration(isPacked: isPacked) + offsets.joined()
          + "_Static_assert(sizeof(\(name)) == \(layout.octets), \"\(name)\");\n"
          + "_Static_assert(_Alignof(\(name)) == \(layout.alignment), \"\(name)\");\n"
      }.joined()
    }

    /// Fills a packed struct with the values, prints it, converts each scalar, and prints it again.
    var exercise: String {
      var text = "{ struct p\(number) s; memset(&s, 0, sizeof s); char *at = 0; (void)at;\n"
      for (index, (type, value)) in zip(types, values).enumerated() {
        guard let value else { continue }
        let isText = type.kind == .character && type.lengths.count <= 1
        if isText {
          text += "memcpy(&s.f\(index), \"\(value.text)\", \(value.text.utf8.count));\n"
          continue
        }
        text += "at = (char *)&s + \(StructLayout(of: types, isPacked: true).offsets[index]);\n"
        for word in value.text.split(separator: ",") {
          let literal =
            type.kind == .floating || type.kind == .truth ? "\(word)" : Self.literal(word)
          let cast = type.kind == .pointer ? "(void *)(uintptr_t)" : "(\(type.scalar))"
          text += "{ \(type.scalar) x = \(cast)\(literal); memcpy(at, &x, sizeof x);"
          text += " at += sizeof x; }\n"
        }
      }
      text += "show(&s, sizeof s);\n"
      let offsets = StructLayout(of: types, isPacked: true).offsets
      for (type, offset) in zip(types, offsets) where type.kind != .extended {
        text += "convert((char *)&s + \(offset), \(type.scalarOctets), \(type.count));\n"
      }
      return text + "show(&s, sizeof s); }\n"
    }

    private static func literal(_ word: Substring) -> String {
      word.hasPrefix("-") ? "(long long)\(UInt64(bitPattern: Int64(word) ?? 0))ULL" : "\(word)ULL"
    }

    /// What `exercise` must print.
    var expected: String {
      [ByteOrder.little, .big].map { order in
        zip(types, values).map { type, value in
          let octets = value?.octets(in: order) ?? [UInt8](repeating: 0, count: type.octets)
          return octets.map { String(String(0x100 + Int($0), radix: 16).dropFirst()) }.joined()
        }.joined() + "\n"
      }.joined()
    }
  }

  private static let head = """
    #include <stdbool.h>
    #include <stddef.h>
    #include <stdint.h>
    #define PACKED __attribute__((packed))

    """

  @Test("have the offsets, sizes and alignments that it has, and the octets", arguments: 0..<4)
  func lp64(seed: UInt64) async throws {
    var chance = SeededGenerator(seed: seed)
    let structs = try (0..<60).map {
      try DrawnStruct(number: $0, model: .lp64, using: &chance)
    }
    let source =
      """
      #include <arpa/inet.h>
      #include <endian.h>
      #include <stdio.h>
      #include <string.h>
      #include <sys/types.h>
      #include <time.h>
      \(Self.head)
      static void show(const void *octets, size_t count) {
        for (size_t i = 0; i < count; i++) printf("%02x", ((const unsigned char *)octets)[i]);
        printf("\\n");
      }
      static void convert(char *at, size_t size, size_t count) {
        for (; count > 0; count--, at += size) {
          if (size == 2) { uint16_t x; memcpy(&x, at, 2); x = htons(x); memcpy(at, &x, 2); }
          if (size == 4) { uint32_t x; memcpy(&x, at, 4); x = htonl(x); memcpy(at, &x, 4); }
          if (size == 8) { uint64_t x; memcpy(&x, at, 8); x = htobe64(x); memcpy(at, &x, 8); }
        }
      }

      """ + structs.map(\.assertions).joined() + "int main(void) {\n"
      + structs.map(\.exercise).joined() + "return 0; }\n"
    let outcome = try await CProgram(source).run([])
    #expect(outcome.status == 0)
    #expect(outcome.text == structs.map(\.expected).joined())
  }

  #if arch(x86_64)
    @Test("for 32 bits have the offsets, sizes and alignments that it has", arguments: 0..<2)
    func ilp32(seed: UInt64) async throws {
      var chance = SeededGenerator(seed: seed)
      let structs = try (0..<60).map {
        try DrawnStruct(number: $0, model: .ilp32, using: &chance)
      }
      // Without a C library for 32 bits nothing can be linked, but all can be asserted.
      let types = "typedef long ssize_t; typedef long time_t;\n"
      try await CProgram.check(
        Self.head + types + structs.map(\.assertions).joined(),
        options: ["-m32", "-ffreestanding"])
    }
  #endif

  @Test("are refused when they are wrong")
  func mistake() async throws {
    let wrong = "_Static_assert(sizeof(struct { char c; int i; }) == 5, \"packed\");\n"
    await #expect(throws: CProgram.CompilerSays.self) {
      try await CProgram.check(Self.head + wrong, options: [])
    }
  }
}
