import Benchmark
import Wire

/// What a captured SYN costs until it is a value.
func benchmarkWire() {
  let source = Endpoint(.v4(IPv4Address(198, 18, 0, 1)), port: 40_000)
  let destination = Endpoint(.v4(IPv4Address(192, 0, 2, 1)), port: 8_086)
  // The options of a Linux SYN: MSS, SACK permitted, timestamps, window scale.
  let options = TCPOptions(
    maximumSegmentSize: 1_460, windowScale: 7, sackPermitted: true,
    timestamps: TCPTimestamps(value: 1, echoReply: 0))
  let syn = Segment(
    from: source, to: destination, .syn, sequence: SequenceNumber(1), window: 64_240,
    options: options)
  var segment: [UInt8] = []
  guard (try? syn.append(to: &segment)) != nil,
    let frame = try? syn.ethernetFrame(
      from: MACAddress(rawValue: 1), to: MACAddress(rawValue: 2))
  else { preconditionFailure("a SYN with four options can be written") }
  benchmarkParsing(segment: segment, frame: frame)
}

private func benchmarkParsing(segment: [UInt8], frame: [UInt8]) {
  /// The fixed TCP header and four options from 40 octets, without the checksum.
  ///
  /// Budget: 60 ns, so that a capture file is limited by the disk.
  Benchmark("TCP header and options, parse", configuration: .brief) { benchmark in
    for _ in benchmark.scaledIterations {
      guard let header = try? TCPHeader(parsing: segment.span) else { return }
      let octets = segment.span.extracting(TCPHeader.minimumLength..<header.length)
      blackHole(ParsedTCPOptions(parsing: octets))
    }
  }

  /// A whole Ethernet frame with a SYN: link, IPv4, TCP and options, both checksums verified.
  ///
  /// Budget: 250 ns, so that four million frames a second can be looked at on one core.
  Benchmark("SYN through DecodedFrame", configuration: .brief) { benchmark in
    for _ in benchmark.scaledIterations {
      blackHole(try? DecodedFrame(parsing: frame.span, linkType: .ethernet))
    }
  }

  /// The same through the reader of whole captures, whose shortcut it takes.
  ///
  /// Budget: 110 ns, so that reading is no more than a sixth of what a packet may cost.
  Benchmark("SYN through FrameDecoder", configuration: .brief) { benchmark in
    var decoder = FrameDecoder()
    for _ in benchmark.scaledIterations {
      blackHole(
        decoder.decode(frame.span, linkType: .ethernet, originalLength: frame.count, at: 0))
    }
  }
}
