internal import Wire

/// Where a played host is on an Ethernet, and where its peers are.
///
/// It answers those who ask for the host's addresses, and learns where peers are from what they send:
/// to ask for them it would need routes.
struct EthernetSide {
  /// The host's own hardware address.
  let hardware: MACAddress

  private var neighbours = Neighbours()
  /// Where the packet at hand came from.
  private var arrival = MACAddress.broadcast
  private var peer: IPAddress?

  init(hardware: MACAddress) {
    self.hardware = hardware
  }

  /// The frame that tells an asker where one of the host's addresses is; nil when `frame` asks for
  /// none.
  func answer(to frame: Span<UInt8>, for host: borrowing RespondingHost) -> [UInt8]? {
    guard let ethernet = try? EthernetHeader(parsing: frame) else { return nil }
    let packet = frame.extracting(EthernetHeader.length...)
    switch ethernet.etherType {
    case .arp:
      guard let question = ARPMessage(parsing: packet), question.operation == .request,
        host.owns(.v4(question.target))
      else { return nil }
      return ARPMessage(
        .reply, from: hardware, question.target, to: question.senderHardware, question.sender
      ).ethernetFrame
    case .ipv6:
      guard let question = NeighborSolicitation(parsing: packet), host.owns(.v6(question.target))
      else { return nil }
      return question.advertisementFrame(from: hardware, to: ethernet.source)
    default:
      return nil
    }
  }

  /// Notes where the packet that is being answered came from.
  mutating func note(_ link: LinkHeader, of source: IPAddress) {
    if case .ethernet(let header) = link { arrival = header.source }
    peer = source
  }

  /// Keeps that in mind for what is sent to the peer later.
  mutating func learn() {
    if let peer { neighbours.learn(peer, at: arrival) }
  }

  /// What takes a packet to a peer.
  func header(to destination: IPAddress) -> EthernetHeader {
    EthernetHeader(
      destination: destination == peer
        ? arrival : neighbours.hardware(of: destination) ?? arrival, source: hardware,
      etherType: .of(destination))
  }
}

/// Where peers are, as far as a bounded memory reaches back.
///
/// Two generations: when the younger is full the older is forgotten, so that what was used lately
/// stays, whatever a flood pretends.
struct Neighbours {
  private var young: [IPAddress: MACAddress] = [:]
  private var old: [IPAddress: MACAddress] = [:]

  /// The most addresses a generation holds.
  static let mostPeers = 32_768

  /// Notes where a peer is.
  mutating func learn(_ address: IPAddress, at hardware: MACAddress) {
    if young.count >= Self.mostPeers {
      old = young
      young = [:]
    }
    young[address] = hardware
  }

  /// Where a peer is; nil when that is not known any more.
  func hardware(of address: IPAddress) -> MACAddress? { young[address] ?? old[address] }
}
