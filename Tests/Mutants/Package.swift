// swift-tools-version: 6.2
import PackageDescription

// The model and its properties alone, for scripts/mutants, which puts this file at the root of a copy:
// nothing to fetch, little to compile, and nothing to link but what is being broken.
let package = Package(
  name: "mutants",
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
      name: "Probe",
      dependencies: ["Wire", "Determinism", "SynCookies", "Handshake", "Annotation"]),
    .target(
      name: "HandshakeProperties",
      dependencies: [
        "Wire", "Determinism", "SynCookies", "Handshake", "FlowControl", "FloodSimulation",
        "Annotation", "Probe",
      ]),
    .executableTarget(
      name: "CheckProperty", dependencies: ["HandshakeProperties"],
      path: "Tests/Mutants/CheckProperty"),
  ]
)
