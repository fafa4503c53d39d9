/// Where the fields of a C struct lie.
public struct StructLayout: Hashable, Sendable {
  /// The first octet of each field, in the fields' order.
  public private(set) var offsets: [Int] = []
  /// The octets that belong to no field, in their order.
  public private(set) var padding: [Range<Int>] = []
  /// The octets of all of it.
  public private(set) var octets = 0
  /// What the struct's address is a multiple of.
  public private(set) var alignment = 1

  /// Lays out fields of these types, in this order.
  ///
  /// Aligned, each field begins at the next multiple of its alignment, and the end is filled up so
  /// that a second struct behind it lies as well (ISO C, 6.7.2.1; the System V ABI says how much).
  /// Packed, nothing lies between (`__attribute__((packed))`).
  public init(of types: [CType], isPacked: Bool) {
    for type in types {
      let fieldAlignment = isPacked ? 1 : type.alignment
      alignment = max(alignment, fieldAlignment)
      pad(to: fieldAlignment)
      offsets.append(octets)
      octets += type.octets
    }
    pad(to: alignment)
  }

  private mutating func pad(to alignment: Int) {
    let end = (octets + alignment - 1) / alignment * alignment
    if end > octets { padding.append(octets..<end) }
    octets = end
  }
}
