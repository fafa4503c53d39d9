public import Determinism

/// Writes the pcap format, little endian: one interface, no comments.
public struct PcapWriter: Hashable, Sendable {
  /// What frames begin with: a LINKTYPE_ number.
  public var linkType: UInt16
  /// The most octets of a packet that the capture keeps.
  public var snapLength: UInt32
  /// How fine the times are.
  public var precision: Precision

  /// The two precisions of the format.
  public enum Precision: Hashable, Sendable {
    /// Understood by every reader.
    case microseconds
    /// As precise as the times are here.
    case nanoseconds
  }

  /// Creates a writer.
  public init(
    linkType: UInt16, snapLength: UInt32 = 262_144, precision: Precision = .nanoseconds
  ) {
    self.linkType = linkType
    self.snapLength = snapLength
    self.precision = precision
  }

  /// Appends what the file begins with.
  public func appendHeader(to bytes: inout [UInt8]) {
    switch precision {
    case .microseconds: bytes.appendLittleEndian(0xA1B2_C3D4 as UInt32)
    case .nanoseconds: bytes.appendLittleEndian(0xA1B2_3C4D as UInt32)
    }
    bytes.appendLittleEndian(2 as UInt16)
    bytes.appendLittleEndian(4 as UInt16)
    bytes.appendLittleEndian(0 as UInt64)
    bytes.appendLittleEndian(snapLength)
    bytes.appendLittleEndian(UInt32(linkType))
  }

  /// Appends one whole record.
  ///
  /// - Parameters:
  ///   - frame: What was captured, up to 2³² − 1 octets.
  ///   - time: When, since 1970; before 1970 and after 2106 the nearest that the format can say.
  ///   - originalLength: The frame's octets on the wire; `frame.count` when nil.
  ///   - bytes: Where the record goes.
  public func append(
    _ frame: Span<UInt8>, at time: Instant, originalLength: Int? = nil, to bytes: inout [UInt8]
  ) {
    let nanoseconds = max(0, time.nanoseconds)
    let fraction = nanoseconds % 1_000_000_000
    bytes.appendLittleEndian(UInt32(clamping: nanoseconds / 1_000_000_000))
    bytes.appendLittleEndian(
      UInt32(clamping: precision == .nanoseconds ? fraction : fraction / 1_000))
    bytes.appendLittleEndian(UInt32(clamping: frame.count))
    bytes.appendLittleEndian(UInt32(clamping: originalLength ?? frame.count))
    bytes.append(copying: frame)
  }
}
