import Annotation
import CaptureFiles
import Probe
import Wire

/// Prints what a probe has found.
struct ProbeReporter {
  let format: ProbeCommand.Format
  let drawing: LadderOptions

  /// Prints the verdict on what was sent and seen.
  ///
  /// - Parameters:
  ///   - transcript: All of it.
  ///   - packets: The same as it was captured.
  ///   - door: Whom the probe asked and how; nil when it was read from a file.
  func report(
    _ transcript: ProbeTranscript, packets: @autoclosure () -> [CapturedPacket],
    through door: ProbeGuard? = nil
  ) {
    let verdict = ProbeVerdict(transcript)
    switch format {
    case .text:
      StandardOutput.write(ProbeText.text(of: verdict, on: transcript.target, through: door))
    case .ladder:
      let capture = AnnotatedCapture(annotating: packets())
      StandardOutput.write(
        capture.text(by: LadderWriter(drawing.layout())) + "\n"
          + ProbeText.text(of: verdict, on: transcript.target, through: door))
    case .json:
      StandardOutput.write(
        ProbeJSON.whole(verdict, on: transcript.target, through: door).text + "\n")
    case .jsonl:
      for line in ProbeJSON.lines(verdict, on: transcript.target) {
        StandardOutput.write(line.text + "\n")
      }
    }
  }

  /// Prints how much goes into a listener's pool.
  func report(_ finding: BacklogFinding, on target: Endpoint) {
    switch format {
    case .text, .ladder:
      StandardOutput.write("\(target)\nbacklog     \(finding)\n")
    case .json, .jsonl:
      StandardOutput.write(ProbeJSON.backlog(finding, on: target).text + "\n")
    }
  }
}
