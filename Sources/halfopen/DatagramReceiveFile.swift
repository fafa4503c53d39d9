import ArgumentParser
import DatagramDemos
import Determinism
import FlowControl
import Foundation
import LinuxPacketIO

/// Receives a file in datagrams.
struct DatagramReceiveFile: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "receive-file",
    abstract: "Wait for a file from halfopen datagram transfer, and put it in its place.",
    discussion: """
      The file appears under its name only when it is whole and its SHA-256 is the sender's; \
      without -o that is the sender's name for it, in the folder of --directory. A file that is \
      there already is refused, unless --overwrite is given. --impair spoils what is answered, as \
      the sender's spoils what it sends.

      EXAMPLES
        halfopen datagram receive-file
        halfopen datagram receive-file -o copy.pdf --address 127.0.0.1
        halfopen datagram receive-file --directory /tmp --impair loss=5%,delay=10ms --format json

      Ends with 0 when the file is in its place; with 1 when its sender vanished or gave up, or \
      when what arrived is not what was sent: then nothing is left of it.
      """)

  @Option(name: .shortAndLong, help: "The file's path. (default: the sender's name for it)")
  var output: String?

  @Option(help: "The folder for a file under its sender's name.")
  var directory = "."

  @Flag(help: "Replace a file that is there.")
  var overwrite = false

  @Option(help: "The port; 0 takes a free one and tells which.")
  var port = FileSendingConfiguration.defaultPort

  @Option(help: "A name or address to listen on. (default: all, IPv6 and IPv4)")
  var address: String?

  @Option(
    help: ArgumentHelp(
      "Spoil what is answered, such as loss=5%,delay=10ms.", valueName: "impairment"),
    transform: ImpairmentArgument.parse)
  var impair = Impairment()

  @Option(help: "The seed of the impairment.")
  var seed: UInt64 = 1

  @Option(
    help: "After how long a silence of its sender to give up. (default: 10s)",
    transform: DurationArgument.parse)
  var timeout = DurationArgument.seconds(10)

  @Option(help: "How to print: text or json.")
  var format = StampGet.Format.text

  func validate() throws {
    guard timeout.length > .zero else {
      throw ValidationError("--timeout must be longer than 0, not \(timeout).")
    }
  }

  func run() async throws {
    let signals = try SignalWatch()
    let progress = TransferProgress("received")
    do throws(TransferFailure) {
      let transfer = try await FileReceiving.start(configuration) { progress.show($0, of: $1) }
      StandardError.write("listening on \(transfer.place)\n")
      let watch = Task {
        _ = await signals.stop()
        transfer.stop()
      }
      defer { watch.cancel() }
      let received = try await transfer.end()
      progress.clear()
      StandardOutput.write(text(of: received))
    } catch {
      progress.clear()
      throw TransferProgress.ending(error, signals, "no file")
    }
  }

  private var configuration: FileReceivingConfiguration {
    FileReceivingConfiguration(
      destination: TransferDestination(
        path: output, folder: directory, overwrites: overwrite), host: address, port: port,
      impairment: impair, seed: seed, patience: timeout.length)
  }

  private func text(of received: FileReceived) -> String {
    let seconds = max(1e-9, received.elapsed.seconds)
    switch format {
    case .text:
      return """
        \(received.path): \(NumberText.grouped(Double(received.octets))) octets in \
        \(NumberText.threeDigits(seconds)) s; \
        \(NumberText.grouped(Double(received.duplicates))) pieces came twice, \
        \(NumberText.grouped(Double(received.notKept))) too early, \
        \(NumberText.grouped(Double(received.ignored))) datagrams damaged
        SHA-256 \(received.digest), at both ends

        """
    case .json:
      return JSONValue.object([
        ("schema", .string("halfopen.datagram-receive-file/1")),
        ("file", .string(received.path)),
        ("octets", .unsigned(received.octets)),
        ("duplicates", .integer(received.duplicates)),
        ("not_kept", .integer(received.notKept)),
        ("ignored", .integer(received.ignored)),
        ("sha256", .string(received.digest)),
        ("elapsed_ns", .integer(Int(received.elapsed.count))),
      ]).text + "\n"
    }
  }
}
