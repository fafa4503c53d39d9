import FloodSimulation
import Handshake
import LinuxPacketIO
import SynCookies

/// A scenario's listener and clients as the kernel's settings.
enum KernelSettings {
  /// The server's.
  static func server(_ scenario: FloodScenario) -> [(name: String, value: String)] {
    let listener = scenario.listener
    return [
      ("net.ipv4.tcp_syncookies", String(listener.syncookies.rawValue)),
      ("net.ipv4.tcp_max_syn_backlog", String(listener.maxSynBacklog)),
      ("net.core.somaxconn", String(listener.somaxconn)),
      ("net.ipv4.tcp_synack_retries", String(listener.synAckRetries ?? 5)),
      ("net.ipv4.tcp_abort_on_overflow", listener.resetsOnOverflow ? "1" : "0"),
    ]
  }

  /// The client's.
  ///
  /// Linux counts the retries beyond the linear ones (`tcp_syn_retries`), the model all of them.
  static func client(_ scenario: FloodScenario) -> [(name: String, value: String)] {
    let schedule = scenario.clients.synSchedule
    return [
      ("net.ipv4.tcp_syn_linear_timeouts", String(schedule.linearTimeouts)),
      ("net.ipv4.tcp_syn_retries", String(schedule.retries - schedule.linearTimeouts)),
    ]
  }

  /// Applies them in the calling thread's network namespace.
  static func apply(_ settings: [(name: String, value: String)]) throws(SystemCallError) {
    for (name, value) in settings {
      do throws(SystemCallError) {
        try KernelSetting.set(name, to: value)
      } catch {
        // Kernels before 6.5 know no linear timeouts, and so have none.
        guard error.isMissing, value == "0" else { throw error }
      }
    }
  }
}
