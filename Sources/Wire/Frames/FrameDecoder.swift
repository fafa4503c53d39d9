/// Reads the frames of a capture one after the other, and joins what IP cut into fragments.
public struct FrameDecoder: Sendable {
  private var joiner: FragmentJoiner

  /// Creates a decoder that holds at most `fragments` of packets that are not complete.
  public init(fragments: FragmentLimits = .default) {
    joiner = FragmentJoiner(limits: fragments)
  }

  /// What became so far of packets that came in fragments.
  public var fragments: FragmentTally { joiner.tally }

  /// The packets of which some fragments are held.
  public var incompletePackets: Int { joiner.held }

  /// Reads the next frame.
  ///
  /// - Parameters:
  ///   - bytes: What was captured.
  ///   - linkType: What the frame begins with.
  ///   - originalLength: The frame's octets before the capture cut it.
  ///   - nanoseconds: When it was captured, from any fixed moment; by it old fragments are given up.
  /// - Returns: The innermost IP packet when that can be read, or the reason why not; never an error.
  public mutating func decode(
    _ bytes: Span<UInt8>, linkType: LinkType, originalLength: Int, at nanoseconds: Int64
  ) -> FrameReading {
    if PlainFrame.mayBe(bytes, linkType) {
      do throws(WireError) {
        let plain = try PlainFrame(bytes, originalLength: originalLength)
        return .frame(try DecodedFrame(plain, in: bytes))
      } catch {
        // The walk finds out what is wrong with it.
      }
    }
    var walk = FrameWalk(count: bytes.count, originalLength: originalLength)
    let isCut = bytes.count < originalLength
    do throws(WireError) {
      let first = try walk.enterLink(bytes, linkType)
      let ending = try walk.go(to: first, in: bytes, stopsAtFragments: true)
      return read(walk, ending, bytes, isCut, nanoseconds)
    } catch {
      return .left(LeftOutReason(error, isCut: isCut))
    }
  }

  private mutating func read(
    _ walk: FrameWalk, _ ending: FrameWalk.Ending, _ bytes: Span<UInt8>, _ isCut: Bool,
    _ now: Int64
  ) -> FrameReading {
    switch ending {
    case .packet:
      walk.packet.fragment == .whole
        ? readWhole(walk, bytes, isCut) : join(walk, bytes, isCut, now)
    case .left(let reason):
      .left(reason)
    case .unreadable(let error):
      .left(LeftOutReason(error, isCut: isCut))
    }
  }

  private func readWhole(_ walk: FrameWalk, _ bytes: Span<UInt8>, _ isCut: Bool) -> FrameReading {
    let transport = DecodedTransport(parsing: bytes, walk.packet)
    if let reason = transport.leftOutReason(isCut: isCut) { return .left(reason) }
    return .frame(DecodedFrame(walk, transport))
  }

  private mutating func join(
    _ walk: FrameWalk, _ bytes: Span<UInt8>, _ isCut: Bool, _ now: Int64
  ) -> FrameReading {
    guard let fragment = Fragment(walk, in: bytes) else { return readAlone(walk, bytes, isCut) }
    switch joiner.take(fragment, of: bytes, at: now) {
    case .held: return .fragment
    case .tooBig: return readAlone(walk, bytes, isCut)
    case .refused: return .left(.contradictoryFragment)
    case .complete(let octets): return readJoined(octets, behind: walk, now)
    }
  }

  /// A fragment that cannot be joined: the first one is read as far as it goes.
  private func readAlone(
    _ walk: FrameWalk, _ bytes: Span<UInt8>, _ isCut: Bool
  ) -> FrameReading {
    var walk = walk
    return switch walk.goOnIntoFragment(in: bytes) {
    case .packet: readWhole(walk, bytes, isCut)
    case .left(let reason): .left(reason)
    case .unreadable(let error): .left(LeftOutReason(error, isCut: isCut))
    }
  }

  private mutating func readJoined(
    _ octets: [UInt8], behind outer: FrameWalk, _ now: Int64
  ) -> FrameReading {
    do throws(WireError) {
      var walk = try FrameWalk(joining: octets.count, behind: outer)
      let ending = try walk.go(to: .ip, in: octets.span, stopsAtFragments: true)
      let reading = read(walk, ending, octets.span, false, now)
      return if case .frame(let frame) = reading { .joined(frame, octets: octets) } else { reading }
    } catch {
      return .left(LeftOutReason(error, isCut: false))
    }
  }
}

extension DecodedTransport {
  /// Why nothing can be told of it; nil for TCP, UDP and ICMP.
  func leftOutReason(isCut: Bool) -> LeftOutReason? {
    switch self {
    case .tcp, .cutTCP, .udp, .icmp: nil
    case .fragment: .laterFragment
    case .other(let number): .ipProtocol(number)
    case .unreadable(_, let error): LeftOutReason(error, isCut: isCut)
    case .none: .unreadable(.ipv4)
    }
  }
}
