import ArgumentParser
import Determinism
import FloodSimulation
import Handshake
import KernelLab
import LinuxPacketIO

/// Scenarios run in the kernel and in the model, in the process that holds a lab.
enum LabRuns {
  /// Runs a scenario so many times in each, with one seed after the other.
  ///
  /// - Throws: ``Failure`` when the kernel's run came to nothing, `ExitCode` after a signal.
  static func compare(_ scenario: FloodScenario, times: Int = 1) throws -> LabComparison {
    let signals = try SignalWatch()
    var line = ProgressLine()
    defer { line.clear() }
    line.show("finding the beginning of the kernel's timer slots")
    let wheel = try KernelTimerWheel.measured()
    var scenario = scenario
    scenario.listener.timerHertz = wheel.hertz
    scenario.listener.racingAcknowledgments = AcceptQueueRace.share
    scenario.clients.timerHertz = wheel.hertz
    let interval = interval(of: scenario)
    var kernel: [KernelReport] = []
    var model: [FloodReport] = []
    for number in 0..<times {
      var run = scenario
      run.seed = scenario.seed &+ UInt64(number)
      let lab = try LabEntry.build()
      do throws(KernelRunError) {
        let report = try KernelRun(run, in: lab, signals: signals).run(
          every: interval, wheel: wheel
        ) { sample in
          line.show(
            "run \(number + 1) of \(times): \(Int(sample.at.seconds)) s of "
              + "\(scenario.duration.shortText), \(sample.halfOpen) half-open")
        }
        kernel.append(report)
      } catch {
        throw failure(of: error)
      }
      model.append(
        run.run(
          samples: Int(scenario.duration.count / interval.count), timing: kernel[number].timing)
      )
    }
    return LabComparison(scenario: scenario, kernel: kernel, model: model)
  }

  /// Five looks a second, more in a short run.
  private static func interval(of scenario: FloodScenario) -> Nanoseconds {
    let usual = Nanoseconds.milliseconds(200)
    guard scenario.duration < usual * 50 else { return usual }
    return max(.milliseconds(1), Nanoseconds(scenario.duration.count / 50))
  }

  /// How the program ends after a run that came to nothing.
  static func failure(of error: KernelRunError) -> any Error {
    switch error {
    case .system(let error) where error.isPermission: Failure(.permission, error.description)
    case .capture(let error): CaptureFailure.underway(error, on: "the client's cable")
    case .system, .worker, .unreadable: Failure(.resources, error.description)
    case .refused: Failure(.refused, error.description)
    case .stopped(let request): ExitCode(128 + request.number)
    }
  }
}
