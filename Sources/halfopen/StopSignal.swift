import Determinism
import Dispatch
import LinuxPacketIO

extension SignalWatch {
  /// Waits for the first signal, on a thread where waiting hinders nobody.
  ///
  /// - Returns: The status to end with.
  func stop() async -> ExitStatus {
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async {
        while self.request == nil {
          // Only a machine out of memory refuses to wait; then it is time to end as well.
          guard (try? Readiness.wait(for: [self.descriptor], upTo: .seconds(3_600))) != nil
          else { break }
        }
        continuation.resume(returning: self.request == .interrupt ? .interrupted : .terminated)
      }
    }
  }
}
