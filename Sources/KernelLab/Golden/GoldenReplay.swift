import Determinism
public import LinuxPacketIO

/// Replays the measured tables on this kernel, and in the model.
///
/// Each experiment has a lab of its own, so several can wait side by side; most of what they do is
/// waiting.
public struct GoldenReplay: Sendable {
  let wheel: KernelTimerWheel
  let signals: SignalWatch

  /// Prepares to replay.
  ///
  /// - Parameters:
  ///   - wheel: When the kernel's timers fire.
  ///   - signals: Ask for the end.
  public init(wheel: KernelTimerWheel, signals: SignalWatch) {
    self.wheel = wheel
    self.signals = signals
  }

  /// One experiment, and the rows that it gives.
  public struct Experiment: Sendable {
    /// Its table.
    public let table: GoldenRow.Table
    /// Carries it out, on the calling thread, which has to live until it returns.
    public let run: @Sendable () throws(KernelRunError) -> [GoldenRow]
  }

  /// The experiments, in the order of their tables.
  ///
  /// - Parameter isLong: Whether those that take minutes are among them: entries that live for
  ///   half a minute and more, admission rates of large pools, the occupancy under long floods.
  /// - Returns: Independent of each other.
  public func experiments(isLong: Bool) -> [Experiment] {
    let lives = 0...(isLong ? 5 : 3)
    let admissions = isLong ? GoldenTables.admissions : Array(GoldenTables.admissions.prefix(1))
    let firstSyns = isLong ? GoldenTables.firstSyns : Array(GoldenTables.firstSyns.prefix(2))
    return [capacities]
      + acceptQueues
      + lives.map { retries in
        Experiment(table: .lifetime) { () throws(KernelRunError) in
          try lifetime(retries: retries)
        }
      }
      + admissions.map { row in
        Experiment(table: .admission) { () throws(KernelRunError) in [try admission(row)] }
      }
      + firstSyns.map { row in
        Experiment(table: .firstSyn) { () throws(KernelRunError) in [try firstSyn(row)] }
      }
      + GoldenTables.stalls.indices.map { place in
        Experiment(table: .stall) { () throws(KernelRunError) in
          [try stall(GoldenTables.stalls[place].cookies, GoldenTables.stalls[place].seconds)]
        }
      }
      + (isLong ? GoldenTables.occupancies : []).map { row in
        Experiment(table: .occupancy) { () throws(KernelRunError) in try occupancy(row) }
      }
  }

  private var capacities: Experiment {
    Experiment(table: .capacity) { () throws(KernelRunError) in
      var rows: [GoldenRow] = []
      for row in GoldenTables.capacities {
        for cookies in row.cookies { rows.append(try capacity(row, cookies)) }
      }
      return rows
    }
  }

  private var acceptQueues: [Experiment] {
    [false, true].map { resets in
      Experiment(table: .acceptQueue) { () throws(KernelRunError) in
        var rows: [GoldenRow] = []
        for cookies in GoldenTables.stalls.map(\.cookies) {
          rows.append(try acceptQueue(cookies, resets: resets))
        }
        return rows
      }
    }
  }

  /// Ends the experiment when a signal has come.
  func check() throws(KernelRunError) {
    if let request = signals.request { throw .stopped(request) }
  }

  /// Waits, unless a signal comes.
  func pause(_ length: Nanoseconds) throws(KernelRunError) {
    _ = try? Readiness.wait(for: [signals.descriptor], upTo: length)
    try check()
  }

  /// A lab of an experiment's own.
  func lab() throws(KernelRunError) -> KernelLab {
    do throws(SystemCallError) { return try KernelLab() } catch { throw .system(error) }
  }
}
