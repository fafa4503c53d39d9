/// An IPv6 address.
public struct IPv6Address: Hashable, Sendable {
  /// The first eight octets, in host order: 2001:db8:: is 0x20010DB8_00000000.
  public var high: UInt64
  /// The last eight octets, in host order.
  public var low: UInt64

  /// Creates the address from its two halves, in host order.
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Reads the text forms of RFC 4291 §2.2, `::` and a dotted IPv4 tail included, without a zone;
  /// nil when `text` is anything else.
  public init?(_ text: some StringProtocol) {
    guard let groups = Self.groups(of: String(text)) else { return nil }
    high = groups[0..<4].reduce(0) { $0 << 16 | UInt64($1) }
    low = groups[4..<8].reduce(0) { $0 << 16 | UInt64($1) }
  }

  /// `::`.
  public static let any = Self(high: 0, low: 0)

  /// `::1`.
  public static let loopback = Self(high: 0, low: 1)

  /// The eight groups of sixteen bits, first to last, in host order.
  public var groups: [UInt16] {
    (0..<8).map { index in
      UInt16(truncatingIfNeeded: (index < 4 ? high : low) >> (48 - 16 * UInt64(index % 4)))
    }
  }

  private static func groups(of text: String) -> [UInt16]? {
    guard let gap = text.firstRange(of: "::") else {
      return run(text).flatMap { $0.count == 8 ? $0 : nil }
    }
    guard let before = run(text[..<gap.lowerBound], mayBeEmpty: true, mayEndInIPv4: false),
      let after = run(text[gap.upperBound...], mayBeEmpty: true), before.count + after.count < 8
    else { return nil }
    return before + [UInt16](repeating: 0, count: 8 - before.count - after.count) + after
  }

  private static func run(
    _ text: some StringProtocol, mayBeEmpty: Bool = false, mayEndInIPv4: Bool = true
  ) -> [UInt16]? {
    guard !text.isEmpty else { return mayBeEmpty ? [] : nil }
    var groups: [UInt16] = []
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() {
      if mayEndInIPv4, index == parts.count - 1, part.contains(".") {
        guard let tail = IPv4Address(part) else { return nil }
        groups += [UInt16(tail.rawValue >> 16), UInt16(tail.rawValue & 0xFFFF)]
      } else {
        guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy({ $0 != 0x2B }),
          let group = UInt16(part, radix: 16)
        else { return nil }
        groups.append(group)
      }
    }
    return groups
  }
}

extension IPv6Address: CustomStringConvertible {
  /// The canonical text of RFC 5952: lower case, the longest run of zero groups (the first of
  /// equals, at least two long) as `::`, and an IPv4-mapped address with a dotted tail.
  public var description: String {
    guard high != 0 || low >> 32 != 0xFFFF else {
      return "::ffff:\(IPv4Address(rawValue: UInt32(truncatingIfNeeded: low)))"
    }
    let groups = groups
    let zeros = longestRunOfZeros(in: groups)
    let text = { (part: ArraySlice<UInt16>) in
      part.map { String($0, radix: 16) }.joined(separator: ":")
    }
    return zeros.count < 2
      ? text(groups[...])
      : text(groups[..<zeros.lowerBound]) + "::" + text(groups[zeros.upperBound...])
  }

  private func longestRunOfZeros(in groups: [UInt16]) -> Range<Int> {
    var longest = 0..<0
    var start = 0
    for index in 0...groups.count where index == groups.count || groups[index] != 0 {
      if index - start > longest.count { longest = start..<index }
      start = index + 1
    }
    return longest
  }
}
