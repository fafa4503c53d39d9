import Determinism
public import Wire

/// Finds the TCP segments among captured packets, and counts everything else by name.
public struct SegmentReader: Sendable {
  private var counts = CaptureSummary()
  private var decoder = FrameDecoder()
  private var guesses = HeaderGuesses()
  private var places: [LeftOutReason: Int] = [:]
  private var cutHeaders = 0

  /// Creates a reader that has read nothing.
  public init() {}

  /// What was read so far.
  public var summary: CaptureSummary {
    var summary = counts
    let fragments = decoder.fragments
    let incomplete =
      decoder.incompletePackets + Int(clamping: fragments.timedOut + fragments.evicted)
    if cutHeaders > 0 { summary.leaveOut("TCP cut inside its header", cutHeaders) }
    if incomplete > 0 { summary.leaveOut("IP packets of which fragments are missing", incomplete) }
    return summary
  }

  /// Reads the next packet.
  @inline(__always)
  public mutating func read(_ facts: FrameFacts, in bytes: Span<UInt8>) -> ObservedFrame {
    counts.frameCount += 1
    let linkType = LinkType(rawValue: facts.linkType)
    if PlainFrame.mayBe(bytes, linkType) {
      do throws(WireError) {
        let plain = try PlainFrame(bytes, originalLength: facts.originalLength)
        let network = plain.network
        counts.segmentCount += 1
        return .segment(
          ObservedSegment(
            plain.tcp, between: (.v4(network.source), .v4(network.destination)), .ipv4(network),
            facts, in: bytes, number: counts.frameCount))
      } catch {
        // The decoder finds out what is wrong with it.
      }
    }
    let reading = decoder.decode(
      bytes, linkType: linkType, originalLength: facts.originalLength,
      at: facts.time?.nanoseconds ?? 0)
    switch reading {
    case .frame(let frame): return read(frame, facts, in: bytes)
    case .joined(let frame, let octets): return read(frame, facts, in: octets.span)
    case .fragment: return .fragment
    case .left(let reason): return leaveOut(reason)
    }
  }

  @inline(__always)
  private mutating func read(
    _ frame: DecodedFrame, _ facts: FrameFacts, in bytes: Span<UInt8>
  ) -> ObservedFrame {
    guard let addresses = frame.addresses else { return leaveOut(.unreadable(.ipv4)) }
    switch frame.transport {
    case .tcp(let tcp):
      counts.segmentCount += 1
      return .segment(
        ObservedSegment(
          tcp, between: addresses, frame.network, facts, in: bytes, number: counts.frameCount))
    case .cutTCP(let start, let octets):
      guard
        let segment = guesses.guess(
          start, octets: octets, between: addresses, facts, number: counts.frameCount)
      else {
        cutHeaders += 1
        return .other(.cut(.tcp))
      }
      counts.segmentCount += 1
      return .segment(segment)
    case .icmp(let message):
      guard let quoted = message.quoted, quoted.transportProtocol == .tcp else {
        return leaveOut(.icmp)
      }
      return .icmpError(
        ObservedError(
          frame: counts.frameCount, time: facts.time, reporter: addresses.source, quoted: quoted,
          text: "\(message)"))
    case .udp: return leaveOut(.udp)
    case .fragment: return leaveOut(.laterFragment)
    case .other(let number): return leaveOut(.ipProtocol(number))
    case .unreadable, .none: return leaveOut(.unreadable(.tcp))
    }
  }

  /// Counts a packet that no flow has.
  @discardableResult
  public mutating func leaveOut(_ reason: LeftOutReason) -> ObservedFrame {
    if let place = places[reason] {
      counts.leftOut[place].count += 1
    } else if places.count < Self.reasonLimit {
      places[reason] = counts.leftOut.count
      counts.leftOut.append(CaptureSummary.LeftOut(name: reason.name, count: 1))
    } else {
      counts.leaveOut("others", 1)
    }
    return .other(reason)
  }

  /// So many reasons are told apart; a liar's file could make up any number of them.
  private static let reasonLimit = 200
}

extension CaptureSummary {
  /// Counts packets under a name that no reason has.
  fileprivate mutating func leaveOut(_ name: String, _ count: Int) {
    if let place = leftOut.firstIndex(where: { $0.name == name }) {
      leftOut[place].count += count
    } else {
      leftOut.append(LeftOut(name: name, count: count))
    }
  }
}
