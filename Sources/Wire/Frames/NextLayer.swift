/// What a header says that follows it.
enum NextLayer {
  /// A packet of this type; an 802.3 length counts as a type here.
  case etherType(EtherType)
  /// An Ethernet header.
  case ethernet
  /// An 802.2 header.
  case llc
  /// An IP packet whose version stands in its first four bits.
  case ip
  /// PPP, with or without the address and control octets before it.
  case ppp
  /// 802.11; whether its header is padded to four octets.
  case wireless(isPadded: Bool)
  /// GRE.
  case gre
  /// A mirrored frame with a header of its own.
  case erspan(isThird: Bool)
  /// Nothing that is understood.
  case left(LeftOutReason)
}
