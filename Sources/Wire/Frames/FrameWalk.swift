/// The way from a frame's first octet to its innermost IP packet.
///
/// Every step reads one header at `offset`, which never lies behind `captured`; steps that could
/// follow one another for ever are counted.
struct FrameWalk {
  var link = LinkHeader.none
  var encapsulations: [Encapsulation] = []
  /// The innermost IP packet so far.
  var packet = IPPayload()
  /// The header of ``packet``.
  var header = NetworkHeader.other(EtherType(rawValue: 0))
  /// Whether ``packet`` is one.
  var hasPacket = false
  /// Where the next header begins.
  var offset = 0
  /// Where the captured bytes of the layer end that is being read.
  var captured: Int
  /// Where that layer ended on the wire.
  var end: Int
  /// The layers inside others so far.
  private var layers = 0
  private var tags = 0
  private var labels = 0
  /// How many ``encapsulations`` stood before ``packet``.
  private var layersBeforePacket = 0
  /// Whether what follows ``packet`` was only guessed by its ports.
  private var isGuess = false

  /// More layers inside one another than this are an attack on the reader.
  static let layerLimit = 8
  /// More labels than this, too.
  static let labelLimit = 16

  /// How a walk ends.
  enum Ending {
    /// At ``packet``, which is not yet looked into.
    case packet
    /// At something else than IP.
    case left(LeftOutReason)
    /// Behind ``packet``, in a layer that cannot be read.
    case unreadable(WireError)
  }

  /// Stands before the first octet of a frame of `count` octets that had `originalLength`.
  @inline(__always)
  init(count: Int, originalLength: Int) {
    captured = count
    end = max(originalLength, count)
  }

  /// Stands before the first octet of a packet of `count` octets that was joined of fragments, the
  /// last of which `outer` found.
  ///
  /// - Throws: ``WireError/tooManyHeaders(_:limit:)``, since fragments may hold fragments.
  init(joining count: Int, behind outer: FrameWalk) throws(WireError) {
    self.init(count: count, originalLength: count)
    link = outer.link
    encapsulations = outer.encapsulations
    layers = outer.layers
    tags = outer.tags
    labels = outer.labels
    try countLayer()
  }

  /// Walks on from the header `first`; with `stopsAtFragments`, not into a first fragment although
  /// that may show what it carries.
  ///
  /// - Throws: ``WireError`` when no IP header was read before the one that cannot be.
  mutating func go(
    to first: NextLayer, in bytes: Span<UInt8>, stopsAtFragments: Bool
  ) throws(WireError) -> Ending {
    do throws(WireError) {
      var next = first
      while true {
        let step: NextLayer? =
          switch next {
          case .etherType(.ipv4): try enterIPv4(bytes, stopsAtFragments)
          case .etherType(.ipv6): try enterIPv6(bytes, stopsAtFragments)
          case .ip: try versionOfIP(in: bytes)
          case .etherType(let etherType): try behind(etherType, in: bytes)
          case .ethernet: try enterEthernet(bytes)
          case .llc: try enterLLC(bytes)
          case .ppp: try enterPPP(bytes)
          case .wireless(let isPadded): try enterWireless(bytes, isPadded: isPadded)
          case .gre: try enterGRE(bytes)
          case .erspan(let isThird): try enterERSPAN(bytes, isThird: isThird)
          case .left(let reason): .left(reason)
          }
        guard let step else { return .packet }
        if case .left(let reason) = step { return .left(reason) }
        next = step
      }
    } catch {
      guard hasPacket else { throw error }
      stepBackToPacket()
      return isGuess ? .packet : .unreadable(error)
    }
  }

  /// Forgets the layers behind ``packet``.
  mutating func stepBackToPacket() {
    encapsulations.removeSubrange(min(layersBeforePacket, encapsulations.count)...)
  }

  /// Walks on into a fragment that a walk stopped at.
  mutating func goOnIntoFragment(in bytes: Span<UInt8>) -> Ending {
    do throws(WireError) {
      guard let next = try behindPacket(bytes) else { return .packet }
      return try go(to: next, in: bytes, stopsAtFragments: false)
    } catch {
      return .unreadable(error)
    }
  }

  // MARK: What every step needs

  /// Where the captured bytes from the next header on lie.
  var rest: Range<Int> { offset..<captured }

  /// Makes sure that `needed` octets are there from the next header on.
  func require(_ needed: Int, for header: HeaderKind) throws(WireError) {
    guard needed <= captured &- offset else {
      throw .truncated(header, needed: needed, available: captured &- offset)
    }
  }

  /// Steps over `octets` that ``require(_:for:)`` has found.
  mutating func skip(_ octets: Int) { offset = min(offset &+ octets, captured) }

  /// Lets the layer that is being read end `octets` behind the next header, if not earlier.
  mutating func bound(to octets: Int) {
    end = min(end, offset &+ octets)
    captured = min(captured, max(end, offset))
  }

  /// Counts a layer inside of another.
  mutating func countLayer() throws(WireError) {
    guard layers < Self.layerLimit else { throw .tooManyHeaders(.tunnel, limit: Self.layerLimit) }
    layers += 1
  }

  mutating func add(_ tag: VLANTag) throws(WireError) {
    guard tags < DecodedFrame.vlanTagLimit else {
      throw .tooManyHeaders(.vlanTag, limit: DecodedFrame.vlanTagLimit)
    }
    tags += 1
    encapsulations.append(.vlan(tag))
  }

  mutating func add(_ label: MPLSLabel) throws(WireError) {
    guard labels < Self.labelLimit else { throw .tooManyHeaders(.mpls, limit: Self.labelLimit) }
    labels += 1
    encapsulations.append(.mpls(label))
  }

  // MARK: IP

  private func versionOfIP(in bytes: Span<UInt8>) throws(WireError) -> NextLayer {
    try require(1, for: .ipv4)
    switch bytes[offset] >> 4 {
    case 4: return .etherType(.ipv4)
    case 6: return .etherType(.ipv6)
    case let version: throw .wrongVersion(.ipv4, version: version)
    }
  }

  @inline(__always)
  private mutating func enterIPv4(
    _ bytes: Span<UInt8>, _ stopsAtFragments: Bool
  ) throws(WireError) -> NextLayer? {
    let header = try IPv4Header(parsing: bytes.extracting(rest))
    packet = IPPayload(of: header, from: offset, captured: captured, end: end)
    keep(.ipv4(header))
    return stopsAtFragments && packet.fragment != .whole ? nil : try behindPacket(bytes)
  }

  private mutating func enterIPv6(
    _ bytes: Span<UInt8>, _ stopsAtFragments: Bool
  ) throws(WireError) -> NextLayer? {
    let header = try IPv6Header(parsing: bytes.extracting(rest))
    packet = IPPayload(before: header, from: offset)
    keep(.ipv6(header))
    packet = try IPPayload(of: header, from: offset, in: bytes, captured: captured, end: end)
    return stopsAtFragments && packet.fragment != .whole ? nil : try behindPacket(bytes)
  }

  @inline(__always)
  private mutating func keep(_ header: NetworkHeader) {
    self.header = header
    hasPacket = true
    isGuess = false
    layersBeforePacket = encapsulations.count
  }

  /// What the payload of ``packet`` is, when it is another layer.
  @inline(__always)
  private mutating func behindPacket(_ bytes: Span<UInt8>) throws(WireError) -> NextLayer? {
    if case .later = packet.fragment { return nil }
    switch packet.payloadProtocol {
    case .tcp, .icmp, .icmpv6:
      return nil
    case .udp:
      guard let tunnel = tunnelOverUDP(in: bytes) else { return nil }
      try enterPayload()
      isGuess = true
      return try enter(tunnel, bytes)
    case .ipv4:
      try enterPayload()
      return .etherType(.ipv4)
    case .ipv6:
      try enterPayload()
      return .etherType(.ipv6)
    case .gre:
      try enterPayload()
      return .gre
    case .mpls:
      try enterPayload()
      return .etherType(.mpls)
    case .ethernet:
      try enterPayload()
      return .ethernet
    case .etherIP:
      try enterPayload()
      try require(2, for: .tunnel)
      skip(2)
      return .ethernet
    case .authentication:
      return try behindAuthentication(bytes)
    default:
      return nil
    }
  }

  /// IPv6 has stepped over such a header among its extension headers; to IPv4 it is the payload.
  private mutating func behindAuthentication(
    _ bytes: Span<UInt8>
  ) throws(WireError) -> NextLayer? {
    let payload = bytes.extracting(packet.payload)
    try payload.require(2, for: .authentication)
    let length = (Int(payload[1]) + 2) * 4  // RFC 4302 §2.2
    try payload.require(length, for: .authentication)
    let next = IPProtocol(rawValue: payload[0])
    packet.drop(length, before: next)
    guard next != .authentication else {
      throw .tooManyHeaders(.authentication, limit: 1)
    }
    return try behindPacket(bytes)
  }

  private mutating func enterPayload() throws(WireError) {
    try countLayer()
    encapsulations.append(.ip(source: packet.source, destination: packet.destination))
    offset = packet.payload.lowerBound
    captured = packet.payload.upperBound
    end = offset &+ packet.wireLength
  }
}
