import Foundation
import TestSupport
import Testing

@Suite("Every Swift file")
struct FileTests {
  static let sources = Checkout.files(under: "Sources", endingIn: ".swift")
  static let tests = Checkout.files(under: "Tests", endingIn: ".swift")

  @Test("is found by these tests")
  func filesAreFound() {
    #expect(Self.sources.count >= 15)
    #expect(Self.tests.contains("Tests/StyleTests/FileTests.swift"))
  }

  @Test("in Sources has at most 400 lines", arguments: sources)
  func sourcesAreShort(file: String) throws {
    #expect(try lineCount(of: file) <= 400, "split \(file) by concept")
  }

  @Test("in Tests has at most 600 lines", arguments: tests)
  func testsAreShort(file: String) throws {
    #expect(try lineCount(of: file) <= 600, "split \(file) by concept")
  }

  @Test("has no function of more than 70 lines", arguments: sources + tests)
  func functionsAreShort(file: String) throws {
    for body in SwiftText(try Checkout.text(of: file)).bodies {
      #expect(body.lineCount <= 70, "\(file):\(body.firstLine): \(body.name)")
    }
  }

  @Test("outside the doors to C has nothing unsafe", arguments: sources)
  func unsafeStaysInItsRoom(file: String) throws {
    let rooms = ["Sources/LinuxPacketIO/", "Sources/PackedFiles/"]
    guard !rooms.contains(where: file.hasPrefix) else { return }
    let line = SwiftText(try Checkout.text(of: file)).firstLine(holding: "unsafe")
    #expect(line == nil, "\(file):\(line ?? 0)")
  }

  @Test("has no shortcut that ends the program", arguments: sources + tests)
  func nothingEndsTheProgram(file: String) throws {
    let text = SwiftText(try Checkout.text(of: file))
    for shortcut in ["fatalError(", "try!", "as!"] {
      let line = text.firstLine(holding: shortcut)
      #expect(line == nil, "\(file):\(line ?? 0): \(shortcut)")
    }
  }

  @Test("leaves nothing for later", arguments: sources + tests)
  func nothingIsLeftForLater(file: String) throws {
    let text = try Checkout.text(of: file)
    // Written in two parts, so that this file may be read by its own test.
    for note in ["TO" + "DO", "FIX" + "ME", "XX" + "X:"] {
      #expect(!text.contains(note), "\(file): \(note)")
    }
  }

  private func lineCount(of file: String) throws -> Int {
    try Checkout.text(of: file).split(separator: "\n", omittingEmptySubsequences: false).count - 1
  }
}
