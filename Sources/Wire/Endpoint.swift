/// One end of a connection: what RFC 9293 calls a socket.
public struct Endpoint: Hashable, Sendable {
  /// The host's address.
  public var address: IPAddress
  /// The port, in host order.
  public var port: UInt16

  /// Creates the end `port` of `address`.
  public init(_ address: IPAddress, port: UInt16) {
    self.address = address
    self.port = port
  }
}

extension Endpoint: CustomStringConvertible {
  /// `192.0.2.1:80`, or `[2001:db8::1]:80`.
  public var description: String {
    switch address {
    case .v4(let address): "\(address):\(port)"
    case .v6(let address): "[\(address)]:\(port)"
    }
  }
}

/// A connection's name, as the end that keeps it sees it.
public struct FourTuple: Hashable, Sendable {
  /// This end.
  public var local: Endpoint
  /// The other end.
  public var peer: Endpoint

  /// Creates the name of the connection between `local` and `peer`.
  public init(local: Endpoint, peer: Endpoint) {
    self.local = local
    self.peer = peer
  }

  /// The same connection's name at the other end.
  public var reversed: Self { Self(local: peer, peer: local) }
}

extension FourTuple: CustomStringConvertible {
  /// `local <-> peer`.
  public var description: String { "\(local) <-> \(peer)" }
}
