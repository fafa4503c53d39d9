/// What the design lets each pure target import: the one place where the tests say so.
enum PureTargets {
  /// The pure targets, each with all that it may import, the floor first.
  ///
  /// Annotation stands above the line where Foundation ends, and may use its text formatting; time,
  /// chance, files and output it may use no more than the others.
  static let allowedImports: [(target: String, imports: Set<String>)] = [
    ("Wire", []),
    ("Determinism", []),
    ("SynCookies", ["Wire", "Determinism"]),
    ("Handshake", ["Wire", "Determinism", "SynCookies"]),
    ("FlowControl", ["Determinism"]),
    ("FloodSimulation", ["Wire", "Determinism", "SynCookies", "Handshake"]),
    (
      "HandshakeProperties",
      [
        "Wire", "Determinism", "SynCookies", "Handshake", "FlowControl", "FloodSimulation",
        "Annotation", "Probe",
      ]
    ),
    ("PacketScript", ["Wire", "Determinism", "SynCookies", "Handshake"]),
    ("CaptureFiles", ["Determinism"]),
    (
      "Annotation",
      ["Wire", "Determinism", "SynCookies", "Handshake", "CaptureFiles", "Foundation"]
    ),
    ("Probe", ["Wire", "Determinism", "SynCookies", "Handshake", "Annotation"]),
  ]

  /// Doors to the clock, to chance, to other threads and to the world, by the words that open them.
  static let ambientWords = [
    "ContinuousClock", "SuspendingClock", "Date", "DispatchTime", "clock_gettime", "gettimeofday",
    "SystemRandomNumberGenerator", "randomElement()", "shuffled()", "shuffle()", "arc4random",
    "getrandom", "UUID", "hashValue", "Hasher", "async", "await", "Task", "Thread", "print(",
    "debugPrint(", "dump(", "readLine", "FileManager", "FileHandle", "ProcessInfo", "Process",
    "CommandLine", "getenv",
  ]

  /// Tells which lines use the standard library's own chance: `random(in:)` and its kin without a
  /// generator of ours handed in.
  static func usesAmbientRandom(_ line: Substring) -> Bool {
    line.contains(".random(") && !line.contains("using:")
  }
}
