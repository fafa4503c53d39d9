import Foundation
import TestSupport
import Testing

@Suite("halfopen layout")
struct LayoutVerbTests {
  @Test("draws frames around fields and padding, in both orders")
  func drawing() async throws {
    let outcome = try await BuiltProgram.run(["layout", "char[5]=Ada", "n:uint16=258"])
    #expect(outcome.status == 0)
    let aligned = """
      aligned: 8 octets, 1 of them padding, alignment 2

              big endian: network order           little endian: x86, ARM
              +0  +1  +2  +3  +4  +5  +6  +7      +0  +1  +2  +3  +4  +5  +6  +7
            ┌───────────────────┬───┬───────┐   ┌───────────────────┬───┬───────┐
          0 │ 41  64  61  00  00│ --│ 01  02│   │ 41  64  61  00  00│ --│ 02  01│  f1, padding, n
            └───────────────────┴───┴───────┘   └───────────────────┴───┴───────┘

      """
    let packed = """
      packed: 7 octets, at any address

              big endian: network order           little endian: x86, ARM
              +0  +1  +2  +3  +4  +5  +6  +7      +0  +1  +2  +3  +4  +5  +6  +7
            ┌───────────────────┬───────┐       ┌───────────────────┬───────┐
          0 │ 41  64  61  00  00│ 01  02│       │ 41  64  61  00  00│ 02  01│      f1, n
            └───────────────────┴───────┘       └───────────────────┴───────┘

      """
    #expect(outcome.text.contains(aligned), "\(outcome.text)")
    #expect(outcome.text.contains(packed), "\(outcome.text)")
    #expect(outcome.text.contains("htons(0x0102) is 0x0201 on a little-endian machine"))
    #expect(outcome.text.hasSuffix("without it the other kind of machine reads 513\n"))
  }

  @Test(
    "joins the frames of a field that goes over a row's end, and hides rows like their neighbours")
  func longFields() async throws {
    let outcome = try await BuiltProgram.run(["layout", "char=A", "char[50]=x", "char=B"])
    let drawing = """
            ┌───┬───────────────────────────┐   ┌───┬───────────────────────────┐
          0 │ 41│ 78  00  00  00  00  00  00│   │ 41│ 78  00  00  00  00  00  00│  f1, f2
            ├───┘                           │   ├───┘                           │
          8 │ 00  00  00  00  00  00  00  00│   │ 00  00  00  00  00  00  00  00│
         16 │ 00  00  00  00  00  00  00  00│   │ 00  00  00  00  00  00  00  00│
          ⋮ │                               │   │                               │  2 rows more
         40 │ 00  00  00  00  00  00  00  00│   │ 00  00  00  00  00  00  00  00│
            │           ┌───┬───────────────┘   │           ┌───┬───────────────┘
         48 │ 00  00  00│ 42│                   │ 00  00  00│ 42│                  f3
            └───────────┴───┘                   └───────────┴───┘

      """
    #expect(outcome.text.contains(drawing), "\(outcome.text)")
  }

  @Test("gives one JSON object, in which padding is no octet")
  func json() async throws {
    let outcome = try await BuiltProgram.run(
      ["layout", "char c=A", "uint32_t n=0x01020304", "--format", "json"])
    #expect(outcome.status == 0)
    let head = #"{"schema":"halfopen.layout/1","model":"lp64","structs":[{"name":"fields","#
    #expect(outcome.text.hasPrefix(head))
    _ = try JSONSerialization.jsonObject(with: outcome.output)
    let aligned =
      #""aligned":{"size_octets":8,"alignment_octets":4,"padding":[{"offset_octets":1,"#
      + #""size_octets":3}],"big_endian":"41------01020304","little_endian":"41------04030201"}"#
    #expect(outcome.text.contains(aligned), "\(outcome.text)")
    #expect(outcome.text.contains(#""converted_by":"htonl""#))
  }

  @Test("shows both records, or one")
  func records() async throws {
    let both = try await BuiltProgram.run(["layout"])
    let fixed = try await BuiltProgram.run(["layout", "--record", "fixed"])
    let variable = try await BuiltProgram.run(["layout", "--record", "variable"])
    #expect(both.text == fixed.text + "\n" + variable.text)
    #expect(fixed.text.contains("\npacked: 21 octets") && variable.text.contains(": 504 octets"))
  }

  @Test(
    "names what is wrong, and ends with 2",
    arguments: [
      (["chr"], "did you mean 'char'?"), (["uint8=300"], "300 is outside 0...255"),
      (["char[2]=abc"], "3 octets, and it has 2"), (["int[0]"], "above 0"),
      (["char[70000]"], "more than 65536"), (["char[40000]", "char[40000]"], "more than 65536"),
      (["int", "--record", "fixed"], "--record"), ([String](repeating: "int", count: 65), "64"),
    ])
  func refusals(arguments: [String], words: String) async throws {
    let outcome = try await BuiltProgram.run(["layout"] + arguments)
    #expect(outcome.status == 2 && outcome.output.isEmpty)
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
  }
}
