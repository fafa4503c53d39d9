/// Names of addresses, as name resolution blocks tell them (draft-ietf-opsawg-pcapng §4.5).
///
/// It is bounded: of a file that names more addresses than ``mostNames``, those told first are
/// kept, and of each address the first few names.
public struct CaptureNames: Hashable, Sendable {
  /// The number of addresses that have names.
  public var count: Int { names.count }

  /// No more addresses are remembered.
  public static let mostNames = 1 << 16
  /// No more names of one address are remembered.
  public static let mostNamesOfOne = 4
  /// No longer name exists: that of DNS (RFC 1035 §2.3.4), in octets.
  public static let longestName = 255

  private var names: [Address: [String]] = [:]

  /// An address by its octets; no IPv4 address is an IPv6 one.
  private struct Address: Hashable, Sendable {
    var high: UInt64
    var low: UInt64
    var isIPv4: Bool
  }

  /// Creates an empty list.
  public init() {}

  /// The names of an IPv4 address, most significant octet first, in the order in which they were
  /// told; empty when there are none.
  public func names(ofIPv4 address: UInt32) -> [String] {
    guard count > 0 else { return [] }
    return names[Address(high: 0, low: UInt64(address), isIPv4: true)] ?? []
  }

  /// The names of an IPv6 address, its halves most significant octet first.
  public func names(ofIPv6 high: UInt64, _ low: UInt64) -> [String] {
    guard count > 0 else { return [] }
    return names[Address(high: high, low: low, isIPv4: false)] ?? []
  }

  mutating func add(_ octets: Span<UInt8>, ofIPv4 address: UInt32) {
    add(octets, to: Address(high: 0, low: UInt64(address), isIPv4: true))
  }

  mutating func add(_ octets: Span<UInt8>, ofIPv6 high: UInt64, _ low: UInt64) {
    add(octets, to: Address(high: high, low: low, isIPv4: false))
  }

  /// Takes names that each end with a zero, the last perhaps with the octets.
  private mutating func add(_ octets: Span<UInt8>, to address: Address) {
    var start = 0
    while start < octets.count {
      var end = start
      while end < octets.count, octets[end] != 0 { end += 1 }
      add(octets.text(in: start..<min(end, start + Self.longestName)), to: address)
      start = end + 1
    }
  }

  private mutating func add(_ name: String, to address: Address) {
    let known = names[address]
    guard !name.isEmpty, known != nil || count < Self.mostNames else { return }
    guard known.map({ $0.count < Self.mostNamesOfOne && !$0.contains(name) }) ?? true else {
      return
    }
    names[address, default: []].append(name)
  }
}
