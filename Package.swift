// swift-tools-version: 6.2
import PackageDescription

// The targets stand bottom to top: an arrow only ever points to a target above it in this list.
let package = Package(
  name: "halfopen",
  products: [
    .executable(name: "halfopen", targets: ["halfopen"]),
    // What the package in Benchmarks measures.
    .library(name: "Wire", targets: ["Wire"]),
    .library(name: "Determinism", targets: ["Determinism"]),
    .library(name: "SynCookies", targets: ["SynCookies"]),
    .library(name: "Handshake", targets: ["Handshake"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .target(name: "Wire"),
    .target(name: "Determinism"),
    .target(name: "SynCookies", dependencies: ["Wire", "Determinism"]),
    .target(name: "Handshake", dependencies: ["Wire", "Determinism", "SynCookies"]),
    .target(name: "FlowControl", dependencies: ["Determinism"]),
    .target(
      name: "FloodSimulation", dependencies: ["Wire", "Determinism", "SynCookies", "Handshake"]),
    .target(name: "CaptureFiles", dependencies: ["Determinism"]),
    .target(
      name: "Annotation",
      dependencies: ["Wire", "Determinism", "SynCookies", "Handshake", "CaptureFiles"]),
    .target(
      name: "Probe", dependencies: ["Wire", "Determinism", "SynCookies", "Handshake", "Annotation"]),
    .target(
      name: "HandshakeProperties",
      dependencies: [
        "Wire", "Determinism", "SynCookies", "Handshake", "FlowControl", "FloodSimulation",
        "Annotation", "Probe",
      ]),
    .systemLibrary(name: "CPcap", pkgConfig: "libpcap", providers: [.apt(["libpcap-dev"])]),
    .systemLibrary(name: "CLinuxPacketIO"),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .target(name: "PackedFiles", dependencies: ["CZlib", "CZstd"]),
    .target(name: "LinuxPacketIO", dependencies: ["Determinism", "CPcap", "CLinuxPacketIO"]),
    .target(
      name: "LiveResponder",
      dependencies: ["Wire", "Determinism", "Handshake", "FlowControl", "LinuxPacketIO"]),
    .target(
      name: "StampService",
      dependencies: [
        "Wire",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]
    ),
    .target(
      name: "KernelLab",
      dependencies: [
        "Wire", "Determinism", "SynCookies", "Handshake", "FloodSimulation", "LinuxPacketIO",
      ]),
    .target(
      name: "DatagramDemos",
      dependencies: [
        "Wire", "Determinism", "FlowControl", "LinuxPacketIO",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]
    ),
    .executableTarget(
      name: "halfopen",
      dependencies: [
        "Wire", "Determinism", "SynCookies", "Handshake", "FloodSimulation",
        "HandshakeProperties", "CaptureFiles", "Annotation", "Probe", "LinuxPacketIO",
        "LiveResponder", "PackedFiles", "StampService", "KernelLab", "FlowControl", "DatagramDemos",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "SystemPackage", package: "swift-system"),
        .product(name: "Yams", package: "Yams"),
      ],
      resources: [.embedInCode("Resources/ipv4-handshake.pcapng")]
    ),
    .target(
      name: "TestSupport", dependencies: ["Wire", "Determinism"], path: "Tests/TestSupport"),
    .target(
      name: "FuzzChecks", dependencies: ["Wire", "Determinism", "CaptureFiles", "Annotation"],
      path: "Fuzz/Checks"
    ),
    .testTarget(
      name: "WireTests", dependencies: ["Wire", "Determinism", "TestSupport"]),
    .testTarget(name: "DeterminismTests", dependencies: ["Determinism", "TestSupport"]),
    .testTarget(
      name: "SynCookiesTests", dependencies: ["SynCookies", "Wire", "Determinism", "TestSupport"]),
    .testTarget(
      name: "HandshakeTests",
      dependencies: ["Handshake", "SynCookies", "Wire", "Determinism", "TestSupport"]),
    .testTarget(
      name: "FlowControlTests",
      dependencies: ["FlowControl", "FloodSimulation", "Determinism", "TestSupport"]),
    .testTarget(
      name: "FloodSimulationTests",
      dependencies: [
        "FloodSimulation", "Handshake", "SynCookies", "Wire", "Determinism", "TestSupport",
        "halfopen",
      ]),
    .testTarget(
      name: "HandshakePropertiesTests",
      dependencies: [
        "HandshakeProperties", "Handshake", "Wire", "Determinism", "TestSupport", "halfopen",
      ]),
    .testTarget(
      name: "CaptureFilesTests",
      dependencies: ["CaptureFiles", "Determinism", "FuzzChecks", "TestSupport"]),
    .testTarget(
      name: "PackedFilesTests",
      dependencies: [
        "PackedFiles", "CaptureFiles", "Determinism", "LinuxPacketIO", "TestSupport", "halfopen",
      ]),
    .testTarget(
      name: "AnnotationTests",
      dependencies: [
        "Annotation", "CaptureFiles", "Handshake", "SynCookies", "Wire", "Determinism",
        "TestSupport",
      ]
    ),
    .testTarget(
      name: "ProbeTests",
      dependencies: [
        "Probe", "Annotation", "Handshake", "SynCookies", "Wire", "Determinism", "LinuxPacketIO",
        "TestSupport", "halfopen",
      ]),
    .testTarget(
      name: "LinuxPacketIOTests",
      dependencies: [
        "LinuxPacketIO", "CaptureFiles", "Annotation", "Wire", "Determinism", "TestSupport",
        "halfopen",
      ]),
    .testTarget(
      name: "KernelLabTests",
      dependencies: [
        "KernelLab", "FloodSimulation", "Handshake", "LinuxPacketIO", "Wire", "Determinism",
        "TestSupport", "halfopen",
      ]),
    .testTarget(
      name: "LiveResponderTests",
      dependencies: [
        "LiveResponder", "LinuxPacketIO", "Handshake", "SynCookies", "Wire", "Determinism",
        "TestSupport", "halfopen",
      ]),
    .testTarget(
      name: "StampServiceTests",
      dependencies: [
        "StampService", "halfopen", "Wire",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ]
    ),
    .testTarget(
      name: "DatagramDemosTests",
      dependencies: [
        "DatagramDemos", "FlowControl", "LinuxPacketIO", "Wire", "Determinism", "TestSupport",
        "halfopen",
      ],
      // Compiled by the tests, and no part of them.
      exclude: ["scores.c"]
    ),
    .testTarget(
      name: "CommandLineTests",
      dependencies: [
        "TestSupport", "halfopen", "SynCookies",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]
    ),
    .testTarget(name: "StyleTests", dependencies: ["TestSupport"]),
    .testTarget(name: "NotebookTests", dependencies: ["TestSupport", "halfopen"]),
  ]
)

for target in package.targets where target.type != .system {
  target.swiftSettings = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    // Without it a generic or a small function costs a call across a target's border, ten times
    // what it does; in debug builds it would only slow the compiler.
    .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
  ]
}
