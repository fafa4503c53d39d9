/// Reads the frames of a capture one after the other, and joins what IP cut into fragments.
public struct FrameDecoder: Sendable {
  /// Creates a decoder that holds at most `fragments` of packets that are not complete.
  public init(fragments: FragmentLimits = .default) {}

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
    do throws(WireError) {
      let frame = try DecodedFrame(
        parsing: bytes, linkType: linkType, originalLength: originalLength)
      return switch frame.transport {
      case .tcp, .cutTCP, .udp, .icmp: .frame(frame)
      case .fragment: .left(.laterFragment)
      case .other(let number): .left(.ipProtocol(number))
      case .unreadable(_, let error):
        .left(LeftOutReason(error, isCut: bytes.count < originalLength))
      case .none:
        switch frame.network {
        case .other(let etherType): .left(.etherType(etherType))
        case .ipv4, .ipv6: .left(.unreadable(.ipv4))
        }
      }
    } catch {
      return .left(LeftOutReason(error, isCut: bytes.count < originalLength))
    }
  }
}
