import Testing

@Suite("What the style tests understand of Swift")
struct SwiftTextTests {
  @Test("comments and strings are no code, whatever quotes and braces they hold")
  func blanksWhatIsNoCode() {
    let text = SwiftText(
      """
      let a = 1  // unsafe "not a string
      /* outer /* inner unsafe */ still unsafe */ let b = "unsafe \\"quoted\\" {"
      let c = #"raw " unsafe \\#(name("x")) "# + "\\(unsafe("deep")) unsafe"
      let d = 4
      """)
    #expect(text.firstLine(holding: "unsafe") == nil)
    #expect(text.lines.map { $0.split(separator: " ").first } == ["let", "let", "let", "let"])
    #expect(text.firstLine(holding: "{") == nil)
  }

  @Test("a string of several lines keeps its lines")
  func blanksMultilineStrings() {
    let text = SwiftText("let a = \"\"\"\n  unsafe \" quote\n  \"\"\"\nunsafe")
    #expect(text.firstLine(holding: "unsafe") == 4)
  }

  @Test("a word is found only where it stands alone")
  func findsWholeWords() {
    #expect(SwiftText("unsafely\nmy_unsafe\nx = unsafe y").firstLine(holding: "unsafe") == 3)
    #expect(SwiftText("unsafeFlags").firstLine(holding: "unsafe") == nil)
    #expect(SwiftText("foo.print(1)").firstLine(holding: "print(") == 1)
  }

  @Test("imports are found with every modifier, and nothing else is")
  func findsImports() {
    let text = SwiftText(
      """
      import Wire
      public import Determinism
      @preconcurrency import Glibc
      @testable internal import struct Foundation.URL
      // import Nothing
      let important = 1
      """)
    #expect(text.imports == ["Wire", "Determinism", "Glibc", "Foundation"])
  }

  @Test("the length of a body runs from its keyword to its closing brace")
  func measuresBodies() {
    let text = SwiftText(
      """
      protocol Policy {
        func verdict(on newcomer: Int) -> Int
      }
      struct Pool {
        let size = 3
        var twice: Int { size * 2 }
        public mutating func admit(
          _ newcomer: Int
        ) -> Int {
          if newcomer > 0 {
            return 1
          }
          return 2
        }
        init() {
        }
        let table: [Int] = [
          1, 2,
        ].map { $0 }
      }
      """)
    let bodies = text.bodies
    #expect(bodies.map(\.name) == ["twice:", "admit", "init", "table:"])
    #expect(bodies.map(\.firstLine) == [6, 7, 15, 17])
    #expect(bodies.map(\.lineCount) == [1, 8, 2, 3])
  }
}
