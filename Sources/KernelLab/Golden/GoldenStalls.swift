import Determinism
import FloodSimulation
import Handshake
import LinuxPacketIO
import SynCookies

/// The table of the lost final ACK: a server that speaks first, and a client that only listens.
extension GoldenReplay {
  /// How long that client waits for its stamp.
  func stall(
    _ cookies: SyncookiesMode, _ seconds: ClosedRange<Double>?
  ) throws(KernelRunError) -> GoldenRow {
    let patience = Nanoseconds.seconds(8)
    var scenario = FloodScenario.golden(
      backlog: 128, cookies: cookies, rate: 0, clients: 0, lasting: patience, wheel: wheel)
    scenario.clients.patience = patience
    let lab = try lab()
    let waited: Nanoseconds
    do throws(SystemCallError) {
      try lab[.server].perform { () throws(SystemCallError) in
        try KernelSettings.apply(KernelSettings.server(scenario))
      }
      try LostAcks.arrange(in: lab)
      let variables = try LabSurroundings.variables(of: lab)
      let server = try ChildProcess(
        ["/proc/self/exe"] + RunCommands.server(scenario), in: lab[.server], setting: variables,
        streams: .silent, isPunctual: true)
      defer { server.end() }
      while try !lab[.server].perform({ LocalListeners.ports() }).contains(LabPort.stamp) {
        _ = try Readiness.wait(for: [server.descriptor], upTo: .milliseconds(5))
      }
      let start = MonotonicClock.sinceBoot
      let client = try ChildProcess(
        [
          "/proc/self/exe", "stamp", "get", "\(LabAddress.server)", "--port", "\(LabPort.stamp)",
          "--timeout",
          "\(patience.count)ns",
        ], in: lab[.client], setting: variables, streams: .silent, isPunctual: true)
      while !client.hasEnded, signals.request == nil {
        _ = try Readiness.wait(for: [client.descriptor, signals.descriptor], upTo: .seconds(1))
      }
      waited = MonotonicClock.sinceBoot - start
      client.end()
    } catch {
      throw .system(error)
    }
    try check()
    let figure = seconds ?? patience.seconds...patience.seconds + 1
    return GoldenRow(
      .stall, "syncookies \(cookies.rawValue)" + (seconds == nil ? ", nothing in 8 s" : ""),
      // The client's own start is in what was seen, and takes less than half a second.
      figure: figure, kernel: max(0, waited.seconds - 0.5)...waited.seconds, model: nil,
      tolerance: 0.01)
  }
}
