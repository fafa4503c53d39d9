import Determinism
import TestSupport
import Testing
import Wire

@Suite("A score record")
struct ScoreRecordTests {
  private static let ada = ScoreRecord(name: "Ada", math: 91, chinese: -2)

  @Test("has exactly these octets")
  func octets() throws {
    #expect(
      try Self.ada.octets(as: .fixed) == [
        0x41, 0x64, 0x61, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 91, 0xFF, 0xFF, 0xFF, 0xFE,
      ])
    #expect(
      try Self.ada.octets(as: .variable) == [
        0, 0, 0, 91, 0xFF, 0xFF, 0xFF, 0xFE, 0x41, 0x64, 0x61,
      ])
  }

  @Test("is read as it was written, in both forms", arguments: Seeds.sweep(100))
  func roundTrip(seed: UInt64) throws {
    var chance = SeededGenerator(seed: seed)
    for form in ScoreRecord.Form.allCases {
      let record = ScoreRecord(
        name: Self.name(upTo: form.nameLimit, using: &chance),
        math: Int32(truncatingIfNeeded: chance.next()),
        chinese: Int32(truncatingIfNeeded: chance.next()))
      let octets = try record.octets(as: form)
      #expect(form.octets.contains(octets.count))
      #expect(try ScoreRecord(parsing: octets.span, as: form) == record)
    }
  }

  @Test("comes of any octets whole or not at all, and never by a trap", arguments: Seeds.sweep(200))
  func readingIsTotal(seed: UInt64) {
    var chance = SeededGenerator(seed: seed)
    for form in ScoreRecord.Form.allCases {
      for _ in 0..<50 {
        let octets = (0..<chance.number(below: form == .fixed ? 25 : 520)).map { _ in
          chance.number(below: 3) == 0 ? UInt8(0) : UInt8(0x20 + chance.number(below: 0x70))
        }
        do throws(ScoreRecordError) {
          let record = try ScoreRecord(parsing: octets.span, as: form)
          #expect(form.octets.contains(octets.count))
          #expect(record.name.utf8.count <= form.nameLimit && !record.name.utf8.contains(0))
        } catch {
          #expect(ScoreRecordError.allCases.contains { $0.kind == error.kind })
        }
      }
    }
  }

  @Test("longer than a name may be is not written")
  func longNames() {
    let record = { ScoreRecord(name: String(repeating: "é", count: $0), math: 0, chinese: 0) }
    #expect((try? record(6).octets(as: .fixed)) != nil)
    #expect(throws: ScoreNameError.tooLong(octets: 14, limit: 12)) {
      try record(7).octets(as: .fixed)
    }
    #expect((try? record(248).octets(as: .variable))?.count == 504)
    #expect(throws: ScoreNameError.tooLong(octets: 498, limit: 496)) {
      try record(249).octets(as: .variable)
    }
    #expect(throws: ScoreNameError.holdsNUL) {
      try ScoreRecord(name: "a\0b", math: 0, chinese: 0).octets(as: .variable)
    }
  }

  @Test("that is damaged is refused by name")
  func damage() throws {
    let letters = [UInt8](repeating: 0x61, count: 13)
    let scores = [UInt8](repeating: 0, count: 8)
    let wrong: [(ScoreRecord.Form, [UInt8], ScoreRecordError)] = [
      (.fixed, [], .truncated(octets: 0, needed: 21)),
      (.fixed, letters + scores.dropLast(), .truncated(octets: 20, needed: 21)),
      (.fixed, letters + scores + [0], .tooLong(octets: 22, limit: 21)),
      (.fixed, letters + scores, .unterminatedName),
      (.fixed, [0xC3, 0] + letters.dropLast(2) + scores, .nameIsNotUTF8),
      (.variable, [UInt8](scores.dropLast()), .truncated(octets: 7, needed: 8)),
      (
        .variable, scores + [UInt8](repeating: 0x61, count: 497),
        .tooLong(octets: 505, limit: 504)
      ),
      (.variable, scores + [0x61, 0, 0x62], .nulInName(offset: 1)),
      (.variable, scores + [0x61, 0, 0], .nulInName(offset: 1)),
      (.variable, scores + [0xFF], .nameIsNotUTF8),
      (.variable, scores + [0xC0, 0x80], .nameIsNotUTF8),
    ]
    for (form, octets, error) in wrong {
      #expect(throws: error, "\(octets)") { try ScoreRecord(parsing: octets.span, as: form) }
    }
  }

  @Test("may have anything behind the NUL of a fixed name, and one NUL behind a variable one")
  func whatStandsBehind() throws {
    let fixed: [UInt8] =
      [0x41, 0, 0xFF] + [UInt8](repeating: 0x7A, count: 10) + [0, 0, 0, 1, 0, 0, 0, 2]
    let a = ScoreRecord(name: "A", math: 1, chinese: 2)
    #expect(try ScoreRecord(parsing: fixed.span, as: .fixed) == a)
    let variable: [UInt8] = [0, 0, 0, 1, 0, 0, 0, 2, 0x41, 0]
    #expect(try ScoreRecord(parsing: variable.span, as: .variable) == a)
  }

  private static func name(upTo octets: Int, using chance: inout SeededGenerator) -> String {
    let alphabet = Array("aZ é陳🦆\u{1}")
    var name = ""
    for _ in 0..<chance.number(below: UInt64(octets) + 1) {
      let longer = name + String(alphabet[Int(chance.number(below: UInt64(alphabet.count)))])
      if longer.utf8.count > octets { break }
      name = longer
    }
    return name
  }
}
