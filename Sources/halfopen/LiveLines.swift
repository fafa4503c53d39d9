import Determinism
import LinuxPacketIO
import Wire

/// Shows a capture as it runs: a line for each TCP segment, written when all that had arrived was
/// read.
final class LiveLines: CaptureWatcher {
  private let linkType: LinkType
  private var decoder = FrameDecoder()
  private var begin: Instant?
  private var text = ""

  /// Prepares to show packets that begin with `linkType`.
  init(linkType: UInt16) {
    self.linkType = LinkType(rawValue: linkType)
  }

  func note(_ packet: PacketFacts, _ octets: Span<UInt8>) {
    let reading = decoder.decode(
      octets, linkType: linkType, originalLength: packet.originalLength,
      at: packet.time.nanoseconds)
    switch reading {
    case .frame(let frame): note(packet, frame)
    case .joined(let frame, _): note(packet, frame)
    case .fragment, .left: return
    }
  }

  func flushed() {
    guard !text.isEmpty else { return }
    StandardOutput.write(text)
    text.removeAll(keepingCapacity: true)
  }

  private func note(_ packet: PacketFacts, _ frame: DecodedFrame) {
    guard case .tcp(let tcp) = frame.transport, let (source, destination) = frame.addresses else {
      return
    }
    let start = begin ?? packet.time
    begin = start
    let milliseconds = (packet.time - start).count / 1_000_000
    let ends = (
      Endpoint(source, port: tcp.header.sourcePort),
      Endpoint(destination, port: tcp.header.destinationPort)
    )
    text +=
      "\(milliseconds) ms  \(ends.0) > \(ends.1)  \(tcp.header.flags)"
      + "  seq \(tcp.header.sequence.rawValue), \(tcp.payloadLength) octets\n"
  }
}
