import TestSupport
import Testing

@Suite("The pure targets touch nothing outside themselves")
struct PurityTests {
  static let files = PureTargets.allowedImports.flatMap { target, _ in
    Checkout.files(under: "Sources/\(target)", endingIn: ".swift")
  }

  @Test("the files of every pure target are found")
  func filesAreFound() throws {
    let pure = Set(PureTargets.allowedImports.map(\.target))
    let targets = try Manifest.read().targets.map(\.name).filter(pure.contains)
    #expect(targets.count >= 6)
    for target in targets {
      #expect(Self.files.contains { $0.hasPrefix("Sources/\(target)/") }, "\(target)")
    }
  }

  @Test("a target of the manifest that only stands on pure targets is judged, or known as impure")
  func everyTargetIsPlaced() throws {
    let known = Set(PureTargets.allowedImports.map(\.target)).union(Manifest.impureTargets)
    for target in try Manifest.read().targets where target.kind != .test {
      #expect(known.contains(target.name), "say in PureTargets or Manifest what \(target.name) is")
    }
  }

  @Test("a file imports only what the design lets its target import", arguments: files)
  func importsAreAllowed(file: String) throws {
    let allowed = try #require(
      PureTargets.allowedImports.first { file.hasPrefix("Sources/\($0.target)/") })
    for module in SwiftText(try Checkout.text(of: file)).imports {
      #expect(allowed.imports.contains(module), "\(file) imports \(module)")
    }
  }

  @Test(
    "a file uses no clock, chance, thread, file or output but what is handed to it",
    arguments: files)
  func nothingIsAmbient(file: String) throws {
    let text = SwiftText(try Checkout.text(of: file))
    for word in PureTargets.ambientWords {
      let line = text.firstLine(holding: word)
      #expect(line == nil, "\(file):\(line ?? 0): \(word)")
    }
    for line in text.lines { #expect(!PureTargets.usesAmbientRandom(line), "\(file): \(line)") }
  }

  @Test("the manifest gives a pure target no more than the design does")
  func manifestAgrees() throws {
    for target in try Manifest.read().targets {
      let allowed = PureTargets.allowedImports.first { $0.target == target.name }?.imports
      guard let allowed else { continue }
      for dependency in target.dependencies {
        #expect(allowed.contains(dependency), "\(target.name) depends on \(dependency)")
      }
    }
  }
}
