import Testing

@Suite("The reader that these tests read JSON with")
struct OrderedJSONTests {
  @Test("keeps the order of keys, and repeated ones")
  func orderIsKept() throws {
    let json = try OrderedJSON(#" {"b":1,"a":[{"c":null,"c":"x\"y"}],"d":-1.5e3} "#)
    #expect(json.keys == ["b", "a", "d"])
    #expect(json.repeatedKeys == ["c"])
    #expect(json["b"]?.integer == 1 && json["d"]?.integer == nil && json["d"]?.real == -1_500)
    #expect(json["a"]?[0]?["c"] == .null)
  }

  @Test(
    "refuses what is no JSON, and more than one value",
    arguments: [
      "", "{", "{}{}", "{\"a\":1,}", "[1,]", "01", "1.", ".5", "nul", "{a:1}", "\"", "\"\\",
      "[1 2]", "nan", "\"\n\"",
    ])
  func nonsenseIsRefused(text: String) {
    #expect(throws: OrderedJSON.SyntaxError.self) { try OrderedJSON(text) }
  }
}
