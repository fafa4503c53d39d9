/// An 802.1Q or 802.1ad tag.
public struct VLANTag: Hashable, Sendable {
  /// The type that announced the tag: 0x8100, 0x88A8 or 0x9100.
  public var tagType: EtherType
  /// The tag control information: priority, drop bit and identifier.
  public var control: UInt16

  /// The octets of a tag, counted without the type that announces it.
  public static let length = 4

  /// Creates the tag with this control information.
  public init(tagType: EtherType = .vlan, control: UInt16) {
    self.tagType = tagType
    self.control = control
  }

  /// Which VLAN, from 0 to 4095; 0 means a priority and no VLAN.
  public var identifier: UInt16 { control & 0x0FFF }

  /// The priority, from 0 to 7.
  public var priority: UInt8 { UInt8(truncatingIfNeeded: control >> 13) }

  /// Whether the frame may be dropped first.
  public var isDropEligible: Bool { control & 0x1000 != 0 }

  /// Appends control information and the type of what follows: the four octets behind `tagType`.
  public func append(to bytes: inout [UInt8], before next: EtherType) {
    bytes.appendBigEndian(control)
    bytes.appendBigEndian(next.rawValue)
  }
}
