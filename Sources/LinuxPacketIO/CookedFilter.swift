import Glibc

// The instructions' codes are those of <linux/bpf_common.h>: the class in the lowest three bits, of
// loads and of ends; the width in the next two; the way to address in the highest three.
private let classOfLoads: UInt16 = 0x00
private let classOfIndexLoads: UInt16 = 0x01
private let classOfEnds: UInt16 = 0x06
private let addressAbsolute: UInt16 = 0x20
private let addressIndexed: UInt16 = 0x40
private let addressHeaderLength: UInt16 = 0xA0

/// What the kernel knows of a packet beside its octets, at the offsets under which a filter asks
/// for it (SKF_AD_ of `<linux/filter.h>`).
private enum KernelFact: UInt32 {
  case etherType = 0
  case packetType = 4
  case interfaceIndex = 8
  case deviceType = 28

  /// SKF_AD_OFF, −0x1000 in 32 bits.
  static let base: UInt32 = 0xFFFF_F000

  var offset: UInt32 { Self.base + rawValue }

  /// The fact that a field of the cooked header is made from.
  init?(cookedOffset offset: UInt32) {
    switch offset {
    case 0: self = .etherType
    case 4: self = .interfaceIndex
    case 8: self = .deviceType
    case 10: self = .packetType
    default: return nil
    }
  }
}

/// SKF_NET_OFF, −0x100000 in 32 bits: where the network header begins, whatever stands before it.
private let networkHeader: UInt32 = 0xFFF0_0000

extension PacketFilter {
  /// The same filter for a socket of all interfaces.
  ///
  /// libpcap compiles for octets that begin with the cooked header; in the kernel they begin with
  /// the headers of many kinds of links. What libpcap looks for behind its header is at the network
  /// header, and the header's own fields are facts to ask the kernel for. Loopback shows each packet twice, on its way
  /// out and in; the filter keeps the second.
  ///
  /// - Parameter snapLength: The most octets to keep of a packet, its header counted.
  /// - Returns: The filter; nil when it looks at octets of the header that are no field's first.
  func forAllInterfaces(snapLength: Int) -> Self? {
    var moved = Self.loopbackOnce
    for instruction in instructions {
      guard let next = instruction.movedToNetworkHeader(snapLength: snapLength) else { return nil }
      moved.append(next)
    }
    return Self(instructions: moved)
  }

  /// Drops what goes out through a loopback (ARPHRD_LOOPBACK, PACKET_OUTGOING), and goes on.
  private static let loopbackOnce = [
    Instruction(
      code: 0x28, skipIfTrue: 0, skipIfFalse: 0, operand: KernelFact.deviceType.offset),
    Instruction(code: 0x15, skipIfTrue: 0, skipIfFalse: 3, operand: 772),
    Instruction(
      code: 0x30, skipIfTrue: 0, skipIfFalse: 0, operand: KernelFact.packetType.offset),
    Instruction(code: 0x15, skipIfTrue: 0, skipIfFalse: 1, operand: 4),
    Instruction(code: 0x06, skipIfTrue: 0, skipIfFalse: 0, operand: 0),
  ]
}

extension PacketFilter.Instruction {
  fileprivate func movedToNetworkHeader(snapLength: Int) -> Self? {
    switch code & 0x07 {
    case classOfLoads where code & 0xE0 == addressAbsolute: movedLoad()
    case classOfLoads where code & 0xE0 == addressIndexed,
      classOfIndexLoads where code & 0xE0 == addressHeaderLength:
      movedOctet()
    case classOfEnds: with(operand: operand == 0 ? 0 : UInt32(clamping: snapLength))
    default: self
    }
  }

  private func movedLoad() -> Self? {
    // What is asked of the kernel already stands far above any packet.
    if operand >= KernelFact.base { return self }
    return movedOctet() ?? KernelFact(cookedOffset: operand).map { with(operand: $0.offset) }
  }

  private func movedOctet() -> Self? {
    let header = UInt32(CookedHeader.octets)
    return operand < header ? nil : with(operand: networkHeader &+ (operand - header))
  }

  private func with(operand: UInt32) -> Self {
    Self(code: code, skipIfTrue: skipIfTrue, skipIfFalse: skipIfFalse, operand: operand)
  }
}
