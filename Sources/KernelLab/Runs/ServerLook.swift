import Determinism
import LinuxPacketIO

/// Somebody who looks at the server of a lab: at its listener's queues and its counters.
struct ServerLook {
  private let namespace: NetworkNamespace
  private let table: SocketTable
  private var beginning: [Int] = []

  init(_ namespace: NetworkNamespace) throws(KernelRunError) {
    self.namespace = namespace
    do throws(SystemCallError) {
      table = try namespace.perform { () throws(SystemCallError) in try SocketTable() }
    } catch {
      throw .system(error)
    }
  }

  /// Whether the stamp server listens.
  func isListening() throws(KernelRunError) -> Bool { try listener().isListening }

  /// Counts from here on.
  mutating func begin() throws(KernelRunError) { beginning = try counters() }

  /// Looks.
  func sample(at due: Nanoseconds) throws(KernelRunError) -> KernelReport.Sample {
    let look = try listener()
    return KernelReport.Sample(
      at: due, halfOpen: look.halfOpen, acceptQueue: look.acceptQueue,
      counters: zip(try counters(), beginning).map { $0 - $1 })
  }

  private func listener() throws(KernelRunError) -> ListenerLook {
    do throws(SystemCallError) {
      return try table.listener(on: LabPort.stamp)
    } catch {
      throw .system(error)
    }
  }

  private func counters() throws(KernelRunError) -> [Int] {
    do throws(SystemCallError) {
      return try namespace.perform { () throws(SystemCallError) in
        let found = KernelCounters.now(naming: KernelRun.counterNames)?.values ?? []
        return KernelRun.counterNames.map { name in
          found.first { $0.name == name }.map { Int(clamping: $0.count) } ?? 0
        }
      }
    } catch {
      throw .system(error)
    }
  }
}
