// swift-tools-version: 6.2
import PackageDescription

// A package of its own, because what it depends on takes minutes to build, and nobody who only
// builds or tests the program should wait for that.
let package = Package(
  name: "halfopen-benchmarks",
  dependencies: [
    .package(name: "halfopen", path: ".."),
    // Without its traits it needs no jemalloc.
    .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
  ],
  targets: [
    .executableTarget(
      name: "HandshakeBenchmarks",
      dependencies: [
        .product(name: "Wire", package: "halfopen"),
        .product(name: "Determinism", package: "halfopen"),
        .product(name: "SynCookies", package: "halfopen"),
        .product(name: "Handshake", package: "halfopen"),
        .product(name: "Benchmark", package: "benchmark"),
      ],
      path: "Benchmarks/HandshakeBenchmarks",
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
    )
  ]
)

for target in package.targets {
  target.swiftSettings = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
  ]
}
