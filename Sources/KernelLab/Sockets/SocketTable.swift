import Determinism
import Glibc
public import LinuxPacketIO
import Wire

/// The sockets of a network namespace: asked of the kernel itself, by sock_diag(7), in about a
/// millisecond however many there are.
public final class SocketTable {
  private let conversation: NetlinkConversation

  /// Begins to ask about the network namespace of the calling thread; from then on any thread may
  /// ask, one at a time.
  ///
  /// - Throws: ``SystemCallError`` when the kernel has no sock_diag (`CONFIG_INET_DIAG`).
  public init() throws(SystemCallError) {
    conversation = try NetlinkConversation(.socketDiagnosis)
  }

  /// Lists sockets, in the kernel's order: those that listen before all others.
  ///
  /// - Parameters:
  ///   - transport: What they speak.
  ///   - states: Where they stand.
  /// - Returns: Those of IPv4, then those of IPv6.
  /// - Throws: ``SystemCallError``: with ENOENT where the kernel lacks the module for `transport`.
  public func sockets(
    _ transport: KernelSocket.Transport, in states: Set<SocketState> = Set(SocketState.allCases)
  ) throws(SystemCallError) -> [KernelSocket] {
    var sockets: [KernelSocket] = []
    for family in [UInt8(AF_INET), UInt8(AF_INET6)] {
      try list(transport, family, states) { message in
        if let socket = KernelSocket(message, transport) { sockets.append(socket) }
      }
    }
    return sockets
  }

  /// Looks at whoever listens on a TCP port.
  ///
  /// - Returns: How many half-open connections there are, and how many wait to be accepted.
  /// - Throws: ``SystemCallError``.
  public func listener(on port: UInt16) throws(SystemCallError) -> ListenerLook {
    var look = ListenerLook()
    for family in [UInt8(AF_INET), UInt8(AF_INET6)] {
      try list(.tcp, family, [.synReceived, .listen]) { message in
        guard SocketMessage.localPort(of: message) == port else { return }
        if message.number(at: 1, as: UInt8.self) == SocketState.listen.number {
          look.acceptQueue += Int(message.number(at: 56, as: UInt32.self))
          look.isListening = true
        } else {
          look.halfOpen += 1
        }
      }
    }
    return look
  }

  private func list(
    _ transport: KernelSocket.Transport, _ family: UInt8, _ states: Set<SocketState>,
    onMessage: (NetlinkReading) -> Void
  ) throws(SystemCallError) {
    var request = NetlinkBody()
    request.append(family)
    request.append(UInt8(transport == .tcp ? IPPROTO_TCP : IPPROTO_UDP))
    request.append(UInt16(0))  // no extensions
    request.append(states.reduce(UInt32(0)) { $0 | 1 << UInt32($1.number) })
    request.append([UInt8](repeating: 0, count: 48))  // any ends
    try conversation.list(20, "list the sockets", request) { _, message in
      onMessage(message)
      return true
    }
  }
}

/// What a look at a listener shows.
public struct ListenerLook: Hashable, Sendable {
  /// Connections in SYN-RECEIVED.
  public var halfOpen = 0
  /// Connections that wait to be accepted.
  public var acceptQueue = 0
  /// Whether anybody listens at all.
  public var isListening = false
}

/// The layout of `struct inet_diag_msg` (include/uapi/linux/inet_diag.h).
enum SocketMessage {
  /// The port, which stands there as it travels.
  static func localPort(of message: NetlinkReading) -> UInt16 {
    UInt16(bigEndianOctets: message.part(at: 4, count: 2))
  }

  static func peerPort(of message: NetlinkReading) -> UInt16 {
    UInt16(bigEndianOctets: message.part(at: 6, count: 2))
  }

  static func address(_ message: NetlinkReading, at offset: Int) -> IPAddress {
    let isV4 = message.number(at: 0, as: UInt8.self) == UInt8(AF_INET)
    if isV4 {
      return .v4(
        IPv4Address(rawValue: UInt32(bigEndianOctets: message.part(at: offset, count: 4))))
    }
    return .v6(
      IPv6Address(
        high: UInt64(bigEndianOctets: message.part(at: offset, count: 8)),
        low: UInt64(bigEndianOctets: message.part(at: offset + 8, count: 8))))
  }
}

extension KernelSocket {
  /// Reads one message; nil when it is too short or of an unknown state.
  init?(_ message: NetlinkReading, _ transport: Transport) {
    guard message.octets.count >= 72,
      let state = SocketState(number: message.number(at: 1, as: UInt8.self))
    else { return nil }
    let purpose: Purpose? =
      switch message.number(at: 2, as: UInt8.self) {
      case 1: .retransmission
      case 2: .keepalive
      case 3: .timeWait
      case 4: .windowProbe
      default: nil
      }
    // A timer that is late by as much as it takes to tell of it has gone below zero.
    let remaining = Int32(truncatingIfNeeded: message.number(at: 52, as: UInt32.self))
    self.init(
      transport: transport, state: state,
      local: Endpoint(
        SocketMessage.address(message, at: 8), port: SocketMessage.localPort(of: message)),
      peer: Endpoint(
        SocketMessage.address(message, at: 24), port: SocketMessage.peerPort(of: message)),
      receiveQueue: Int(message.number(at: 56, as: UInt32.self)),
      sendQueue: Int(message.number(at: 60, as: UInt32.self)),
      timer: purpose.map {
        Timer(purpose: $0, remaining: .milliseconds(Int64(max(0, remaining))))
      },
      retransmissions: Int(message.number(at: 3, as: UInt8.self)),
      user: message.number(at: 64, as: UInt32.self),
      inode: message.number(at: 68, as: UInt32.self))
  }
}

extension FixedWidthInteger {
  /// The number whose octets these are, the most significant first.
  fileprivate init(bigEndianOctets octets: some Sequence<UInt8>) {
    self = octets.reduce(0) { $0 << 8 | Self($1) }
  }
}
