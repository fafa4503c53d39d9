import Annotation
import CaptureFiles
import Probe
import Wire

/// The SYNs and answers of a capture file, judged as if they were a probe's.
struct ProbeFile {
  let path: String
  let host: String?
  let port: UInt16?

  /// Reads the file and prints the verdict on the one listener in it that is meant.
  ///
  /// - Throws: ``Failure``: 2 when the file cannot be read or it is open who is meant, 3 when it is
  ///   damaged.
  func report(by reporter: ProbeReporter) throws {
    let input = try CaptureInput(path: path)
    var reader = SegmentReader()
    var packets: [CapturedPacket] = []
    var frames: [ObservedFrame] = []
    let damage = try input.forEachPacket { packet in
      packets.append(packet)
      frames.append(reader.read(FrameFacts(packet), in: packet.bytes.span))
    }
    var transcript = ProbeTranscript(target: try target(in: frames))
    for frame in frames {
      switch frame {
      case .segment(let segment):
        if segment.source == transcript.target || segment.destination == transcript.target {
          transcript.segments.append(segment)
        }
      case .icmpError(let error):
        if error.quoted.destination == transcript.target { transcript.errors.append(error) }
      case .fragment, .other: break
      }
    }
    reporter.report(transcript, packets: packets)
    if let damage {
      throw Failure(.damagedInput, "\(input.name): \(damage); what could be read was judged")
    }
  }

  private func target(in frames: [ObservedFrame]) throws -> Endpoint {
    let asked = frames.compactMap { frame -> Endpoint? in
      guard case .segment(let segment) = frame, segment.isSyn else { return nil }
      return segment.destination
    }
    let address = try host.map { text in
      guard let address = IPAddress(text) else {
        throw Failure(.usage, "with --from HOST is an address of the file's, not \(text)")
      }
      return address
    }
    var found: [Endpoint] = []
    for end in asked where !found.contains(end) {
      if address.map({ $0 == end.address }) ?? true, port.map({ $0 == end.port }) ?? true {
        found.append(end)
      }
    }
    guard let first = found.first else {
      throw Failure(.usage, "\(path) holds no SYN" + (host == nil ? "" : " to that listener"))
    }
    guard found.count == 1 else {
      let names = found.prefix(5).map { "\($0.address) \($0.port)" }.joined(separator: ", ")
      throw Failure(
        .usage, "\(path) holds SYNs to \(found.count) listeners; say which: \(names)")
    }
    return first
  }
}
