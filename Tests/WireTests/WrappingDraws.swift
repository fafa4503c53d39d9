import Determinism
import Wire

extension Wrapping {
  /// Puts one random layer around, of those that can carry what is there.
  mutating func wrap(by chance: inout SeededGenerator) throws {
    let number = UInt32(chance.count(upTo: 0xFF_FFFF))
    let short = chance.word()
    let coin = chance.chance(0.5)
    switch form {
    case .ipv4, .ipv6:
      switch chance.number(below: 9) {
      case 0: try outerIP(by: &chance)
      case 1: ethernet()
      case 2: mpls((0...chance.count(upTo: 2)).map { _ in number & 0xF_FFFF }, controlled: coin)
      case 3: ppp(isFramed: coin, isCompressed: chance.chance(0.5))
      case 4: gre(flags: [0, 2, 3, 8, 11][chance.count(upTo: 4)], key: number)
      case 5: geneve(number, options: coin ? [0, 1, 2, 1, 9, 9, 9, 9] : [])
      case 6: gtp(number, isExtended: coin)
      case 7: vxlanGPE(number)
      default: if case .ipv6 = form { teredo(hasIndications: coin) } else { serviceChain() }
      }
    case .ethernet:
      switch chance.number(below: 8) {
      case 0: vlan(short & 0xFFF, type: [.vlan, .serviceVLAN][chance.count(upTo: 1)])
      case 1: mpls([number & 0xF_FFFF], controlled: coin)
      case 2: vxlan(number, port: coin ? 4_789 : 8_472)
      case 3: geneve(number)
      case 4: gre(flags: coin ? 2 : 0, key: number)
      case 5: erspan(1 + chance.count(upTo: 2), session: short)
      case 6: backbone(number)
      default: try outerIP(by: &chance)
      }
    case .labels:
      switch chance.number(below: 3) {
      case 0: ethernet()
      case 1: gre()
      default: try outerIP(by: &chance)
      }
    case .ppp:
      if coin { pptp(short) } else { l2tp(tunnel: short, session: 3) }
    case .serviceChain:
      if coin { ethernet() } else { vxlanGPE(number) }
    case .gre: try outerIP(by: &chance)
    case .udp:
      udp(isReply: coin)
      try outerIP(by: &chance)
    case .llc: ethernet()
    }
  }

  private mutating func outerIP(by chance: inout SeededGenerator) throws {
    let hasMore = chance.chance(0.3)
    if chance.chance(0.5) {
      try ip4(options: hasMore ? [0x94, 4, 0, 0] : [])
    } else {
      try ip6(withDestinationOptions: hasMore)
    }
  }

  /// Goes on until the bytes are an Ethernet frame or a bare packet, and tells which.
  mutating func finish(by chance: inout SeededGenerator) throws -> LinkType {
    while true {
      switch form {
      case .ethernet: return .ethernet
      case .ipv4, .ipv6: return .raw
      case .labels, .serviceChain, .llc: ethernet()
      case .ppp: pptp(1)
      case .gre, .udp: try wrap(by: &chance)
      }
    }
  }
}
