import ArgumentParser
import DatagramDemos
import Determinism
import FlowControl
import Foundation
import LinuxPacketIO

/// Sends a file in datagrams.
struct DatagramTransfer: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "transfer",
    abstract: "Send a file in datagrams that may be lost, and have it arrive byte for byte.",
    discussion: """
      The receiver is halfopen datagram receive-file. The senders are those that halfopen flow \
      simulates. --impair spoils what is sent on purpose, at either end: loss=5%, duplicate=1%, \
      reorder=2%, corrupt=0.1%, delay=10ms, separated by commas.

      EXAMPLES
        halfopen datagram transfer book.pdf 127.0.0.1
        halfopen datagram transfer book.pdf ::1 --control stop-and-wait --impair loss=5%,delay=10ms
        halfopen datagram transfer book.pdf 192.0.2.7 --window 200 --piece 1400 --format json

      Ends with 0 when the receiver has said that its file has the same SHA-256; with 1 when it \
      refused, when nobody listens or answers, or when an end vanished.
      """)

  @Argument(help: "The file.")
  var file: String

  @Argument(help: "The receiver: a name or an address of either family.")
  var host: String

  @Option(help: "The receiver's port.")
  var port = FileSendingConfiguration.defaultPort

  @Option(help: "How the sender holds itself back.")
  var control = Control.slidingWindow

  @Option(help: "The most datagrams under way, under a window.")
  var window = 64

  @Option(help: "How many octets of the file go into one datagram.")
  var piece: UInt16 = 1_200

  @Option(
    help: ArgumentHelp(
      "Spoil what is sent, such as loss=5%,delay=10ms.", valueName: "impairment"),
    transform: ImpairmentArgument.parse)
  var impair = Impairment()

  @Option(help: "The seed of the impairment.")
  var seed: UInt64 = 1

  @Option(
    help: "After how long a silence to give up. (default: 10s)",
    transform: DurationArgument.parse)
  var timeout = DurationArgument.seconds(10)

  @Option(help: "How to print: text or json.")
  var format = StampGet.Format.text

  enum Control: String, ExpressibleByArgument, CaseIterable {
    case stopAndWait = "stop-and-wait"
    case goBackN = "go-back-n"
    case slidingWindow = "sliding-window"
  }

  func validate() throws {
    guard port > 0 else { throw ValidationError("--port must be at least 1, not 0.") }
    guard (1...100_000).contains(window) else {
      throw ValidationError("--window must be from 1 to 100000, not \(window).")
    }
    guard (1...65_000).contains(piece) else {
      throw ValidationError("--piece must be from 1 to 65000, not \(piece).")
    }
    guard timeout.length > .zero else {
      throw ValidationError("--timeout must be longer than 0, not \(timeout).")
    }
  }

  func run() async throws {
    let signals = try SignalWatch()
    let progress = TransferProgress("sent")
    do throws(TransferFailure) {
      let transfer = try await FileSending.start(configuration) { progress.show($0, of: $1) }
      let watch = Task {
        _ = await signals.stop()
        transfer.stop()
      }
      defer { watch.cancel() }
      let sent = try await transfer.end()
      progress.clear()
      StandardOutput.write(text(of: sent))
    } catch {
      progress.clear()
      throw TransferProgress.ending(
        error, signals, "\(file) to \(host), port \(port)")
    }
  }

  private var configuration: FileSendingConfiguration {
    let timer = RetransmissionTimer.Law.adaptive(
      least: .milliseconds(50), most: .seconds(2))
    let control: SendingControl =
      switch control {
      case .stopAndWait: .stopAndWait(timer: timer)
      case .goBackN: .goBackN(window: window, timer: timer, threshold: 3)
      case .slidingWindow:
        .selectiveRepeat(window: window, reach: 8 * window, timer: timer, threshold: 3)
      }
    return FileSendingConfiguration(
      path: file, host: host, port: port, control: control, pieceOctets: piece,
      impairment: impair, seed: seed, patience: timeout.length)
  }

  private func text(of sent: FileSent) -> String {
    let seconds = max(1e-9, sent.elapsed.seconds)
    let rate = Double(sent.octets) * 8 / seconds
    switch format {
    case .text:
      return """
        \(NumberText.grouped(Double(sent.octets))) octets in \
        \(NumberText.threeDigits(seconds)) s, \(RateArgument.text(of: rate))/s, under \
        \(control.rawValue)
        \(NumberText.grouped(Double(sent.counters.sent))) datagrams for \
        \(NumberText.grouped(Double(sent.pieces))) pieces, \
        \(NumberText.grouped(Double(sent.counters.repeated))) of them again: \
        \(NumberText.grouped(Double(sent.counters.timeouts))) after a time-out, \
        \(NumberText.grouped(Double(sent.counters.earlyDetections))) losses learnt of earlier
        SHA-256 \(sent.digest), at both ends

        """
    case .json:
      return JSONValue.object([
        ("schema", .string("halfopen.datagram-transfer/1")),
        ("file", .string(file)),
        ("control", .string(control.rawValue)),
        ("octets", .unsigned(sent.octets)),
        ("pieces", .unsigned(sent.pieces)),
        ("sent", .integer(sent.counters.sent)),
        ("retransmitted", .integer(sent.counters.repeated)),
        ("timeouts", .integer(sent.counters.timeouts)),
        ("early_detections", .integer(sent.counters.earlyDetections)),
        ("ignored", .integer(sent.ignored)),
        ("sha256", .string(sent.digest)),
        ("goodput_bit_per_s", .number(rate)),
        ("elapsed_ns", .integer(Int(sent.elapsed.count))),
      ]).text + "\n"
    }
  }
}
