/// One entry of an MPLS label stack (RFC 3032 §2.1).
public struct MPLSLabel: Hashable, Sendable {
  /// The four octets in host order: label, traffic class, bottom of stack, time to live.
  public var rawValue: UInt32

  /// The octets of an entry.
  public static let length = 4

  /// Creates the entry with these 32 bits, in host order.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// The label, from 0 to 2²⁰ − 1; below 16 it is reserved.
  public var label: UInt32 { rawValue >> 12 }

  /// The traffic class, from 0 to 7.
  public var trafficClass: UInt8 { UInt8(truncatingIfNeeded: rawValue >> 9 & 7) }

  /// Whether it is the last of its stack.
  public var isBottom: Bool { rawValue & 0x100 != 0 }

  /// How many routers may still pass it on.
  public var timeToLive: UInt8 { UInt8(truncatingIfNeeded: rawValue) }
}
