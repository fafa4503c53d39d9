/// What stands before the VLAN tags and the network header.
public enum LinkHeader: Hashable, Sendable {
  /// Ethernet, of the second version or with an 802.3 length in the place of a type.
  case ethernet(EthernetHeader)
  /// Linux cooked capture of either version.
  case linuxCooked(LinuxCookedHeader)
  /// BSD loopback.
  case loopback(LoopbackHeader)
  /// 802.11, behind whatever the card said of the frame.
  case wireless(IEEE80211Header)
  /// A header of another link type, of which only what follows it was read.
  case skipped(octets: Int)
  /// Nothing: the frame begins with the IP header.
  case none
}
