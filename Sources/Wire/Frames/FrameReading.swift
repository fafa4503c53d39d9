/// What a ``FrameDecoder`` makes of one frame.
public enum FrameReading: Hashable, Sendable {
  /// An IP packet with TCP, UDP or ICMP in it; its ranges count in the frame.
  case frame(DecodedFrame)
  /// The last of a packet's fragments: the whole packet, whose ranges count in `octets`, which
  /// begin with its IP header; link and layers are those of the last fragment.
  case joined(DecodedFrame, octets: [UInt8])
  /// A fragment, held until the others come.
  case fragment
  /// Something else, or something unreadable.
  case left(LeftOutReason)
}
