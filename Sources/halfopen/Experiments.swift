import Foundation
import KernelLab
import Synchronization

/// Experiments carried out side by side, each on a thread that lives for as long as it.
enum Experiments {
  private struct State {
    var next = 0
    var rows: [[GoldenRow]]
    var failure: KernelRunError?
  }

  /// Carries them out.
  ///
  /// - Parameters:
  ///   - experiments: What to do.
  ///   - width: How many at once.
  ///   - onProgress: Told now and then how many are done.
  /// - Returns: Their rows, in the order of the experiments.
  /// - Throws: The first failure, when those that had begun have ended.
  static func run(
    _ experiments: [GoldenReplay.Experiment], width: Int, onProgress: (Int) -> Void
  ) throws(KernelRunError) -> [GoldenRow] {
    let holder = StateHolder(count: experiments.count)
    let done = DispatchSemaphore(value: 0)
    for _ in 0..<min(width, experiments.count) {
      let thread = Thread {
        while let place = holder.takeNext(below: experiments.count) {
          do throws(KernelRunError) {
            holder.note(try experiments[place].run(), at: place)
          } catch {
            holder.note(error)
          }
        }
        done.signal()
      }
      thread.start()
    }
    for _ in 0..<min(width, experiments.count) {
      while done.wait(timeout: .now() + .milliseconds(200)) == .timedOut {
        onProgress(holder.doneCount)
      }
    }
    return try holder.result()
  }

  /// The state that the threads share.
  private final class StateHolder: Sendable {
    private let state: Mutex<State>

    init(count: Int) {
      state = Mutex(State(rows: Array(repeating: [], count: count)))
    }

    func takeNext(below count: Int) -> Int? {
      state.withLock { state in
        guard state.failure == nil, state.next < count else { return nil }
        state.next += 1
        return state.next - 1
      }
    }

    func note(_ rows: [GoldenRow], at place: Int) {
      state.withLock { $0.rows[place] = rows }
    }

    func note(_ failure: KernelRunError) {
      state.withLock { state in
        if state.failure == nil { state.failure = failure }
      }
    }

    var doneCount: Int { state.withLock { $0.rows.count { !$0.isEmpty } } }

    func result() throws(KernelRunError) -> [GoldenRow] {
      let (rows, failure) = state.withLock { ($0.rows, $0.failure) }
      if let failure { throw failure }
      return rows.flatMap(\.self)
    }
  }
}
