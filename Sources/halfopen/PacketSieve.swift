import Annotation
import Determinism
import LinuxPacketIO
import Wire

/// Applies a ``SegmentFilter`` to captured packets, exactly: each is read down to its innermost IP
/// packet.
struct PacketSieve {
  /// Enough of a packet to find its TCP header behind any headers that are read.
  static let octetsNeeded = 1_024

  private let filter: SegmentFilter
  private let linkType: LinkType
  private var decoder = FrameDecoder()

  /// Creates a sieve for packets that begin with `linkType`.
  init(_ filter: SegmentFilter, linkType: UInt16) {
    self.filter = filter
    self.linkType = LinkType(rawValue: linkType)
  }

  /// Says whether a packet passes.
  ///
  /// Fragments pass: only the whole packet tells, and it must be possible to put it together again.
  mutating func passes(_ packet: PacketFacts, _ octets: Span<UInt8>) -> Bool {
    let reading = decoder.decode(
      octets, linkType: linkType, originalLength: packet.originalLength,
      at: packet.time.nanoseconds)
    switch reading {
    case .frame(let frame): return filter.accepts(frame)
    case .joined, .fragment: return true
    case .left: return false
    }
  }
}

extension SegmentFilter {
  /// A filter in tcpdump's language that drops, in the kernel, most of what does not pass.
  ///
  /// Only what plainly is TCP or UDP over IPv4 or IPv6 is dropped: whatever may be a tunnel, a fragment or behind
  /// further headers is left to ``PacketSieve``.
  var kernelExpression: String {
    // The first conditions hold for what is plain: version, no fragment, the protocol's number.
    [
      ("ip and ip[6:2] & 0x3fff = 0 and ip[9] = 6", segments(over: .v4)),
      ("ip6 and ip6[6] = 6", segments(over: .v6)),
      ("ip and ip[6:2] & 0x3fff = 0 and ip[9] = 17", datagrams(over: .v4)),
      ("ip6 and ip6[6] = 17", datagrams(over: .v6)),
    ]
    .map { plain, wanted in "not (\(plain) and not (\(wanted)))" }
    .joined(separator: " and ")
  }

  fileprivate enum Version {
    case v4
    case v6
  }

  /// The UDP ports behind which `Wire` looks for tunnels: L2TP, GTP, Teredo, VXLAN and its
  /// extension, Geneve, MPLS, and VXLAN's port before it had one.
  static let tunnelPorts: [UInt16] = [
    1_701, 2_152, 3_544, 4_789, 4_790, 6_081, 6_635, 8_472,
  ]

  private func segments(over version: Version) -> String {
    let role =
      switch (part, version) {
      case (.anything, .v4): "ip"
      case (.anything, .v6): "ip6"
      case (.handshake, .v4):
        "(tcp[13] & 7 != 0 or ip[2:2] - ((ip[0] & 15) << 2) - ((tcp[12] & 240) >> 2) = 0)"
      case (.handshake, .v6): "(ip6[53] & 7 != 0 or ip6[4:2] - ((ip6[52] & 240) >> 2) = 0)"
      case (.syn, .v4): "tcp[13] & 2 != 0"
      case (.syn, .v6): "ip6[53] & 2 != 0"
      }
    return ([role] + ends("tcp", version)).joined(separator: " and ")
  }

  private func datagrams(over version: Version) -> String {
    let tunnels = Self.tunnelPorts.map { "udp port \($0)" }
    guard part == .anything else { return tunnels.joined(separator: " or ") }
    let wanted = (["udp"] + ends("udp", version)).joined(separator: " and ")
    return (tunnels + ["(\(wanted))"]).joined(separator: " or ")
  }

  /// The conditions on ports and hosts, each of which has to hold.
  private func ends(_ transport: String, _ version: Version) -> [String] {
    var conditions: [String] = []
    if !ports.isEmpty {
      conditions.append(any(of: ports.map { "\(transport) port \($0)" }))
    }
    if !hosts.isEmpty {
      let names = hosts.filter { $0.isOf(version) }.map { "host \($0)" }
      // No address of this version is wanted; 254 is a number for experiments, and not the one
      // that was asked for before.
      let nothing = version == .v4 ? "ip[9] = 254" : "ip6[6] = 254"
      conditions.append(names.isEmpty ? nothing : any(of: names))
    }
    return conditions
  }

  private func any(of conditions: [String]) -> String {
    "(" + conditions.joined(separator: " or ") + ")"
  }
}

extension IPAddress {
  fileprivate func isOf(_ version: SegmentFilter.Version) -> Bool {
    switch (self, version) {
    case (.v4, .v4), (.v6, .v6): true
    case (.v4, .v6), (.v6, .v4): false
    }
  }
}
