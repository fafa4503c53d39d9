import Testing
import Wire

@Suite("The layout of a C struct")
struct StructLayoutTests {
  @Test("puts the fields of the records where the C standard's compilers put them")
  func records() throws {
    let types = try ["char[13]", "uint32_t", "uint32"].map { try CType(parsing: $0) }
    let aligned = StructLayout(of: types, isPacked: false)
    #expect(aligned.offsets == [0, 16, 20] && aligned.padding == [13..<16])
    #expect(aligned.octets == 24 && aligned.alignment == 4)
    let packed = StructLayout(of: types, isPacked: true)
    #expect(packed.offsets == [0, 13, 17] && packed.padding.isEmpty)
    #expect(packed.octets == 21 && packed.alignment == 1)
  }

  @Test("fills up the end, and is nothing for no fields")
  func ends() throws {
    let types = try ["int64", "char"].map { try CType(parsing: $0) }
    #expect(StructLayout(of: types, isPacked: false).padding == [9..<16])
    #expect(StructLayout(of: [], isPacked: false).octets == 0)
  }

  @Test(
    "knows types by any of their names",
    arguments: [
      ("int", "int"), ("signed int", "int"), ("unsigned", "unsigned"),
      ("int unsigned", "unsigned int"), ("long unsigned int", "unsigned long"),
      ("unsigned  long long", "unsigned long long"), ("short int", "short"),
      ("uint16", "uint16_t"), ("const char *", "char *"), ("char**", "char **"),
      ("void*[2]", "void *[2]"), ("char [ 13 ] [2]", "char[13][2]"), ("size", "size_t"),
    ])
  func names(text: String, name: String) throws {
    #expect(try CType(parsing: text).description == name)
  }

  @Test("knows no others")
  func strangers() {
    for text in ["", "chr", "int8_t_t", "void", "void *p", "unsigned char int", "struct s"] {
      #expect(throws: CTypeError.self, "\(text)") { try CType(parsing: text) }
    }
    for text in ["int[0]", "int[-1]", "int[x]", "int[", "int[2", "int[2]x", "int[2.5]"] {
      #expect(throws: CTypeError.impossibleLength(text)) { try CType(parsing: text) }
    }
    #expect(throws: CTypeError.tooLarge("char[65537]")) { try CType(parsing: "char[65537]") }
    let overflowing = "int[9223372036854775807][9223372036854775807]"
    #expect(throws: CTypeError.tooLarge(overflowing)) { try CType(parsing: overflowing) }
  }

  @Test("writes values in both orders")
  func values() throws {
    func octets(_ text: String, _ type: String, _ order: ByteOrder) throws -> [UInt8] {
      try CValue(parsing: text, as: CType(parsing: type)).octets(in: order)
    }
    #expect(try octets("-2", "int16", .big) == [0xFF, 0xFE])
    #expect(try octets("-2", "int16", .little) == [0xFE, 0xFF])
    #expect(try octets("1,2", "uint16[3]", .big) == [0, 1, 0, 2, 0, 2])
    #expect(try octets("Ada", "char[5]", .little) == [0x41, 0x64, 0x61, 0, 0])
    #expect(try octets("1.5", "float", .big) == [0x3F, 0xC0, 0, 0])
    #expect(try octets("true", "bool", .big) == [1])
    #expect(try octets("0xffffffff", "int32", .big) == [0xFF, 0xFF, 0xFF, 0xFF])
  }

  @Test("refuses values that do not fit")
  func wrongValues() throws {
    let wrong: [(String, String, CValueError)] = [
      ("256", "uint8", .outOfRange("256", 0...255)), ("x", "int", .noNumber("x")),
      ("-129", "int8", .outOfRange("-129", -128...127)), ("2", "bool", .noNumber("2")),
      ("", "int", .noNumber("")), ("1", "long double", .noNumber("1")),
      ("1,2,3", "int[2]", .tooMany(3, limit: 2)),
      ("Ada", "char[2]", .tooLong(octets: 3, limit: 2)),
    ]
    for (text, name, error) in wrong {
      let type = try CType(parsing: name)
      #expect(throws: error) { try CValue(parsing: text, as: type) }
    }
  }

  @Test("tells what a number is read as that was not converted")
  func misread() throws {
    let misread = { (text: String, type: String) in
      try CValue(parsing: text, as: CType(parsing: type)).firstMisread
    }
    #expect(try misread("91", "int32") == "1526726656")
    #expect(try misread("128", "int32") == "-2147483648")
    #expect(try misread("1", "uint64") == "72057594037927936")
    #expect(try misread("-1", "long") == "-1")
    #expect(try misread("1", "double") == nil)
  }
}
