/// One layer that stands between a frame's link header and its innermost IP packet.
public enum Encapsulation: Hashable, Sendable {
  /// An 802.1Q or 802.1ad tag.
  case vlan(VLANTag)
  /// The tag of a provider's backbone bridge (802.1ah), with its 24-bit service.
  case backbone(service: UInt32)
  /// Several frames sent as one over 802.11, of which the first is read (802.11-2020 §9.3.2.2.2).
  case aggregate(frames: Int)
  /// One MPLS label (RFC 3032).
  case mpls(MPLSLabel)
  /// An Ethernet frame behind MPLS labels, with or without a control word (RFC 4448).
  case pseudowire
  /// A PPPoE session (RFC 2516).
  case pppoe(session: UInt16)
  /// PPP (RFC 1661).
  case ppp
  /// An IP packet that carries the rest.
  case ip(source: IPAddress, destination: IPAddress)
  /// GRE (RFC 2784) with its key, where there is one (RFC 2890); NVGRE's key holds the subnet.
  case gre(key: UInt32?)
  /// GRE version 1 (RFC 2637) with the call of the receiver.
  case pptp(call: UInt16)
  /// A mirrored Ethernet frame (ERSPAN) with its session, from 0 to 1023.
  case erspan(session: UInt16)
  /// VXLAN (RFC 7348), or its extension for other protocols, with the 24-bit network.
  case vxlan(network: UInt32)
  /// Geneve (RFC 8926) with the 24-bit network.
  case geneve(network: UInt32)
  /// GTP-U (3GPP TS 29.281) with its tunnel.
  case gtp(tunnel: UInt32)
  /// Teredo (RFC 4380).
  case teredo
  /// A session inside a tunnel of L2TP (RFC 2661).
  case l2tp(tunnel: UInt16, session: UInt16)
  /// A service function chain's header (RFC 8300) with its 24-bit path and its index.
  case serviceChain(path: UInt32, index: UInt8)

  /// What tells two private networks apart when the addresses inside are the same; nil for layers
  /// that may differ from packet to packet of one connection.
  var realm: UInt64? {
    switch self {
    case .vlan(let tag): 1 << 32 | UInt64(tag.identifier)
    case .backbone(let service): 2 << 32 | UInt64(service)
    case .pppoe(let session): 3 << 32 | UInt64(session)
    case .gre(let key): key.map { 4 << 32 | UInt64($0) }
    case .vxlan(let network): 5 << 32 | UInt64(network)
    case .geneve(let network): 6 << 32 | UInt64(network)
    case .gtp(let tunnel): 7 << 32 | UInt64(tunnel)
    case .pptp(let call): 8 << 32 | UInt64(call)
    case .l2tp(let tunnel, let session): 9 << 32 | UInt64(tunnel) << 16 | UInt64(session)
    case .mpls, .pseudowire, .ppp, .ip, .erspan, .teredo, .serviceChain, .aggregate: nil
    }
  }
}

extension Encapsulation: CustomStringConvertible {
  /// A few words for a person: `VLAN 100`, `VXLAN 42`, `GRE key 7`.
  public var description: String {
    switch self {
    case .vlan(let tag): "VLAN \(tag.identifier)"
    case .backbone(let service): "backbone service \(service)"
    case .aggregate(let frames): "A-MSDU of \(frames)"
    case .mpls(let label): "MPLS \(label.label)"
    case .pseudowire: "Ethernet pseudowire"
    case .pppoe(let session): "PPPoE session \(session)"
    case .ppp: "PPP"
    case .ip(.v4(let source), let destination): "IPv4 \(source) > \(destination)"
    case .ip(.v6(let source), let destination): "IPv6 \(source) > \(destination)"
    case .gre(.none): "GRE"
    case .gre(.some(let key)): "GRE key \(key)"
    case .pptp(let call): "PPTP call \(call)"
    case .erspan(let session): "ERSPAN session \(session)"
    case .vxlan(let network): "VXLAN \(network)"
    case .geneve(let network): "Geneve \(network)"
    case .gtp(let tunnel): "GTP-U \(tunnel)"
    case .teredo: "Teredo"
    case .l2tp(let tunnel, let session): "L2TP tunnel \(tunnel) session \(session)"
    case .serviceChain(let path, let index): "service path \(path) index \(index)"
    }
  }
}
