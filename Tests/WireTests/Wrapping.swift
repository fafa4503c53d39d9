import Determinism
import Wire

/// Bytes inside layers, with what a reader is to say of those.
struct Wrapping {
  /// What the outermost layer is.
  enum Form {
    case ipv4, ipv6, ethernet, labels, ppp, gre
    case udp(port: UInt16)
    case serviceChain, llc
  }

  var bytes: [UInt8]
  var form: Form
  /// Outermost first.
  var layers: [Encapsulation] = []

  /// The outer ends of the tunnels.
  static let outer4 = (IPv4Address(10, 0, 0, 1), IPv4Address(10, 0, 0, 2))
  static let outer6 = (
    IPv6Address(high: 0x2001_0DB8_0000_00AA, low: 1),
    IPv6Address(high: 0x2001_0DB8_0000_00AA, low: 2)
  )
  static let macs = octets("0200000000b0 0200000000a0")

  /// An IP packet of either family.
  init(packet: [UInt8]) {
    bytes = packet
    form = packet[0] >> 4 == 4 ? .ipv4 : .ipv6
  }

  var etherType: UInt16 {
    switch form {
    case .ipv4: 0x0800
    case .ipv6: 0x86DD
    case .ethernet: 0x6558
    case .labels: 0x8847
    case .ppp: 0x8864
    case .serviceChain: 0x894F
    case .llc: UInt16(truncatingIfNeeded: bytes.count)
    case .gre, .udp: 0
    }
  }

  private var protocolNumber: UInt8 {
    switch form {
    case .ipv4: 4
    case .ipv6: 41
    case .ethernet: 143
    case .labels: 137
    case .gre: 47
    case .udp: 17
    case .ppp, .serviceChain, .llc: 255
    }
  }

  private mutating func put(_ header: [UInt8], _ layer: Encapsulation? = nil, as form: Form) {
    bytes = header + bytes
    self.form = form
    if let layer { layers.insert(layer, at: 0) }
  }

  // MARK: Layers

  mutating func ethernet() {
    put(Self.macs + [UInt8(etherType >> 8), UInt8(etherType & 255)], as: .ethernet)
  }

  /// A tag goes behind the addresses of an Ethernet frame.
  mutating func vlan(_ identifier: UInt16, type: EtherType = .vlan) {
    let tag = VLANTag(tagType: type, control: 0x6000 | identifier)
    let tagged: [UInt8] = [
      UInt8(type.rawValue >> 8), UInt8(type.rawValue & 255), UInt8(tag.control >> 8),
      UInt8(tag.control & 255),
    ]
    bytes.insert(contentsOf: tagged, at: 12)
    layers.insert(.vlan(tag), at: 0)
  }

  /// `labels` from top to bottom; an Ethernet frame inside gets a control word, if `controlled`.
  mutating func mpls(_ labels: [UInt32], controlled: Bool = false) {
    if case .ethernet = form {
      put(controlled ? [0, 0, 0, 9] : [], .pseudowire, as: .labels)
    }
    for (index, label) in labels.reversed().enumerated() {
      let word = label << 12 | (index == 0 ? 0x100 : 0) | 64
      var header: [UInt8] = []
      header.appendBigEndian(word)
      put(header, .mpls(MPLSLabel(rawValue: word)), as: .labels)
    }
  }

  /// PPP's header, its parts left out as the peers may agree.
  mutating func ppp(isFramed: Bool, isCompressed: Bool) {
    let number: UInt8 = if case .ipv4 = form { 0x21 } else { 0x57 }
    put(
      (isFramed ? [0xFF, 0x03] : []) + (isCompressed ? [] : [0]) + [number], .ppp, as: .ppp)
  }

  mutating func pppoe(_ session: UInt16) {
    var header: [UInt8] = [0x11, 0]
    header.appendBigEndian(session)
    header.appendBigEndian(UInt16(bytes.count))
    put(header, .pppoe(session: session), as: .ppp)
  }

  mutating func ip4(options: [UInt8] = []) throws {
    var header = try IPv4Header(
      from: Self.outer4.0, to: Self.outer4.1,
      payloadProtocol: IPProtocol(rawValue: protocolNumber),
      payloadLength: bytes.count + options.count)
    header.options = options
    header.checksum = header.rightChecksum
    var written: [UInt8] = []
    try header.append(to: &written)
    put(
      written, .ip(source: .v4(Self.outer4.0), destination: .v4(Self.outer4.1)), as: .ipv4)
  }

  mutating func ip6(withDestinationOptions: Bool = false) throws {
    let options: [UInt8] =
      withDestinationOptions ? [protocolNumber, 0, 1, 4, 0, 0, 0, 0] : []
    let header = try IPv6Header(
      from: Self.outer6.0, to: Self.outer6.1,
      nextHeader: withDestinationOptions
        ? .destinationOptions : IPProtocol(rawValue: protocolNumber),
      payloadLength: bytes.count + options.count)
    var written: [UInt8] = []
    header.append(to: &written)
    put(
      written + options, .ip(source: .v6(Self.outer6.0), destination: .v6(Self.outer6.1)),
      as: .ipv6)
  }

  /// GRE with what the bits of `flags` (checksum 8, key 2, sequence 1) ask for.
  mutating func gre(flags: UInt8 = 0, key: UInt32 = 7) {
    var header: [UInt8] = [flags << 4, 0]
    header.appendBigEndian(etherType)
    if flags & 8 != 0 { header += [0, 0, 0, 0] }
    if flags & 2 != 0 { header.appendBigEndian(key) }
    if flags & 1 != 0 { header += [0, 0, 0, 1] }
    put(header, .gre(key: flags & 2 != 0 ? key : nil), as: .gre)
  }

  mutating func pptp(_ call: UInt16) {
    var header: [UInt8] = [0x30, 0x81, 0x88, 0x0B]
    header.appendBigEndian(UInt16(bytes.count))
    header.appendBigEndian(call)
    put(header + [0, 0, 0, 1, 0, 0, 0, 2], .pptp(call: call), as: .gre)
  }

  /// A mirrored Ethernet frame; type 1, 2 or 3.
  mutating func erspan(_ type: Int, session: UInt16) {
    let word = session & 0x3FF
    let low = [UInt8(word >> 8), UInt8(word & 255)]
    let header: [UInt8] =
      switch type {
      case 1: [0, 0, 0x88, 0xBE]
      case 2: [0x10, 0, 0x88, 0xBE, 0, 0, 0, 1, 0x10, 0x0A] + low + [0, 0, 0, 3]
      default:
        [0x10, 0, 0x22, 0xEB, 0, 0, 0, 1, 0x20, 0x0A] + low + [0, 0, 0, 9, 0, 0, 0, 1]
          + [UInt8](repeating: 0, count: 8)
      }
    layers.insert(.erspan(session: type == 1 ? 0 : word), at: 0)
    put(header, .gre(key: nil), as: .gre)
  }

  mutating func vxlan(_ network: UInt32, port: UInt16 = 4_789) {
    var header: [UInt8] = [8, 0, 0, 0]
    header.appendBigEndian(network << 8)
    put(header, .vxlan(network: network), as: .udp(port: port))
  }

  mutating func vxlanGPE(_ network: UInt32) {
    let next: UInt8 =
      switch form {
      case .ipv4: 1
      case .ipv6: 2
      case .serviceChain: 4
      case .labels: 5
      case .ethernet, .ppp, .gre, .udp, .llc: 3
      }
    var header: [UInt8] = [0x0C, 0, 0, next]
    header.appendBigEndian(network << 8)
    put(header, .vxlan(network: network), as: .udp(port: 4_790))
  }

  mutating func geneve(_ network: UInt32, options: [UInt8] = []) {
    var header: [UInt8] = [UInt8(options.count / 4), 0]
    header.appendBigEndian(etherType)
    header.appendBigEndian(network << 8)
    put(header + options, .geneve(network: network), as: .udp(port: 6_081))
  }

  mutating func gtp(_ tunnel: UInt32, isExtended: Bool = false) {
    let more: [UInt8] = isExtended ? [0, 1, 0, 0x85, 1, 0x10, 9, 0] : []
    var header: [UInt8] = [isExtended ? 0x34 : 0x30, 0xFF]
    header.appendBigEndian(UInt16(bytes.count + more.count))
    header.appendBigEndian(tunnel)
    put(header + more, .gtp(tunnel: tunnel), as: .udp(port: 2_152))
  }

  mutating func teredo(hasIndications: Bool = false) {
    put(
      hasIndications
        ? [0, 1, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0] + [0, 0, 1, 2, 3, 4, 5, 6] : [], .teredo,
      as: .udp(port: 3_544))
  }

  mutating func l2tp(tunnel: UInt16, session: UInt16) {
    var header: [UInt8] = [0x40, 0x02]
    header.appendBigEndian(UInt16(bytes.count + 8))
    header.appendBigEndian(tunnel)
    header.appendBigEndian(session)
    put(header, .l2tp(tunnel: tunnel, session: session), as: .udp(port: 1_701))
  }

  mutating func serviceChain() {
    let next: UInt8 =
      switch form {
      case .ipv4: 1
      case .ipv6: 2
      case .labels: 5
      case .ethernet, .ppp, .gre, .udp, .serviceChain, .llc: 3
      }
    put(
      [0x0F, 0xC2, 2, next, 0, 0, 5, 254], .serviceChain(path: 5, index: 254), as: .serviceChain)
  }

  mutating func backbone(_ service: UInt32) {
    var header: [UInt8] = Self.macs + [0x88, 0xE7]
    header.appendBigEndian(service)
    put(header, .backbone(service: service), as: .ethernet)
  }

  mutating func llc() {
    let type = etherType
    put([0xAA, 0xAA, 3, 0, 0, 0, UInt8(type >> 8), UInt8(type & 255)], as: .llc)
  }

  /// The UDP header of a tunnel with its port, in the direction that `isReply` says.
  mutating func udp(isReply: Bool = false) {
    guard case .udp(let port) = form else { return }
    var header: [UInt8] = []
    header.appendBigEndian(isReply ? port : 50_000)
    header.appendBigEndian(isReply ? 50_001 : port)
    header.appendBigEndian(UInt16(bytes.count + 8))
    header.appendBigEndian(UInt16(0))
    bytes = header + bytes
    form = .udp(port: 0)
  }
}
