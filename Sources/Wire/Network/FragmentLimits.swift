/// How much a ``FrameDecoder`` holds of IP packets whose fragments have not all come.
///
/// When a bound is reached the oldest packet is given up, so that memory stays bounded whatever
/// the peers send.
public struct FragmentLimits: Hashable, Sendable {
  /// The most packets held at a time; 0 switches joining off.
  public var packets: Int
  /// The most octets of data held at a time, over all packets.
  public var octets: Int
  /// How long after its first fragment a packet is waited for, in nanoseconds of the capture.
  public var timeoutNanoseconds: Int64

  /// Creates the bounds; negative ones count as 0.
  public init(packets: Int, octets: Int, timeoutNanoseconds: Int64) {
    self.packets = max(0, packets)
    self.octets = max(0, octets)
    self.timeoutNanoseconds = max(0, timeoutNanoseconds)
  }

  /// 1,024 packets, 4 MiB as Linux's `ipfrag_high_thresh`, and the 60 s of RFC 8200 §4.5, the longer
  /// of what hosts wait (Linux: 30 s for IPv4).
  public static let `default` = Self(
    packets: 1_024, octets: 4 << 20, timeoutNanoseconds: 60_000_000_000)

  /// Fragments are not joined: the first is read as far as it goes, later ones are left out.
  public static let off = Self(packets: 0, octets: 0, timeoutNanoseconds: 0)
}
