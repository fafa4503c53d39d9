import TestSupport
import Testing

@Suite("The package's manifest")
struct ManifestTests {
  @Test("has its targets read whole")
  func targetsAreRead() throws {
    let manifest = Manifest(
      """
      let package = Package(
        products: [.executable(name: "tool", targets: ["tool"])],
        targets: [
          .target(name: "Low"),
          .target(name: "High", dependencies: ["Low"]),
          .executableTarget(
            name: "tool",
            dependencies: [
              "High", .product(name: "Args", package: "swift-args"),
            ]
          ),
          .testTarget(name: "LowTests", dependencies: ["Low"]),
        ])
      """)
    #expect(manifest.targets.map(\.name) == ["Low", "High", "tool", "LowTests"])
    #expect(manifest.targets.map(\.kind) == [.library, .library, .executable, .test])
    #expect(manifest.targets.map(\.dependencies) == [[], ["Low"], ["High", "Args"], ["Low"]])
  }

  @Test("lists every target below the targets it depends on")
  func arrowsPointUp() throws {
    let targets = try Manifest.read().targets
    #expect(targets.count >= 5)
    let names = Set(targets.map(\.name))
    var above: Set<String> = []
    for target in targets {
      for dependency in target.dependencies where names.contains(dependency) {
        #expect(above.contains(dependency), "\(target.name) stands above \(dependency)")
      }
      above.insert(target.name)
    }
  }

  @Test("says of the model what the manifest of its mutants says")
  func mutantsAreOfThisModel() throws {
    let targets = try Manifest.read().targets
    let mutants = try Manifest(Checkout.text(of: Self.mutants + "Package.swift")).targets
    #expect(mutants.count == 11)
    for mutant in mutants where mutant.kind == .library {
      let target = try #require(targets.first { $0.name == mutant.name }, "\(mutant.name)")
      #expect(mutant.dependencies == target.dependencies, "\(mutant.name)")
    }
  }

  @Test("has a target for every folder of sources and of tests")
  func foldersAreTargets() throws {
    let names = Set(try Manifest.read().targets.map(\.name))
    let files =
      Checkout.files(under: "Sources", endingIn: ".swift", ".h")
      + Checkout.files(under: "Tests", endingIn: ".swift").filter { !$0.hasPrefix(Self.mutants) }
    let folders = Set(files.map { $0.split(separator: "/")[1] })
    #expect(folders.count >= 5)
    for folder in folders.sorted() { #expect(names.contains(String(folder)), "\(folder)") }
  }

  /// What only a copy of the checkout is built with, by scripts/mutants.
  private static let mutants = "Tests/Mutants/"
}
