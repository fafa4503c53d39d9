public import Determinism
public import Wire

/// One socket of the kernel's, as it tells of it (sock_diag(7)).
public struct KernelSocket: Hashable, Sendable {
  /// What it speaks.
  public var transport: Transport
  /// Where it stands; a UDP socket is established when it is connected, and closed otherwise.
  public var state: SocketState
  /// This end.
  public var local: Endpoint
  /// The other end; zeros where there is none.
  public var peer: Endpoint
  /// What waits to be read: octets, or for a listener the connections that wait to be accepted.
  public var receiveQueue: Int
  /// What is not acknowledged yet: octets, or for a listener the most connections that may wait.
  public var sendQueue: Int
  /// What the kernel will do about it by itself; nil for nothing.
  public var timer: Timer?
  /// How often its timer has fired since the peer was last heard of.
  public var retransmissions: Int
  /// The user that it belongs to.
  public var user: UInt32
  /// The number under which its process holds it; 0 for one that belongs to no process, such as a
  /// half-open connection.
  public var inode: UInt32

  /// A protocol above IP.
  public enum Transport: String, CaseIterable, Hashable, Sendable {
    /// The Transmission Control Protocol.
    case tcp
    /// The User Datagram Protocol.
    case udp
  }

  /// A timer that runs.
  public struct Timer: Hashable, Sendable {
    /// What it is for.
    public var purpose: Purpose
    /// How long until it fires, to the millisecond; zero when it is late.
    public var remaining: Nanoseconds
  }

  /// What a timer is for.
  public enum Purpose: String, CaseIterable, Hashable, Sendable {
    /// Sending again what was not acknowledged.
    case retransmission
    /// Asking a silent peer whether it still lives.
    case keepalive
    /// The end of TIME-WAIT, or of a connection that nobody holds any more.
    case timeWait = "time-wait"
    /// Asking whether a window of zero has opened.
    case windowProbe = "window-probe"
  }
}

/// Where a socket stands, with the names of RFC 9293 §3.3.2.
public enum SocketState: String, CaseIterable, Hashable, Sendable {
  /// Data can be exchanged.
  case established = "ESTABLISHED"
  /// A SYN has been sent.
  case synSent = "SYN-SENT"
  /// A SYN has been answered: half-open.
  case synReceived = "SYN-RECEIVED"
  /// This end has closed.
  case finWait1 = "FIN-WAIT-1"
  /// This end has closed, and the peer knows.
  case finWait2 = "FIN-WAIT-2"
  /// Both have closed; late copies are waited for.
  case timeWait = "TIME-WAIT"
  /// Nothing: for UDP a socket that is not connected.
  case closed = "CLOSED"
  /// The peer has closed.
  case closeWait = "CLOSE-WAIT"
  /// Both have closed, the peer first.
  case lastAck = "LAST-ACK"
  /// Connections are waited for.
  case listen = "LISTEN"
  /// Both have closed at once.
  case closing = "CLOSING"

  /// The kernel's number for it (include/net/tcp_states.h), which is its place in this list from 1.
  public var number: UInt8 {
    UInt8((Self.allCases.firstIndex(of: self) ?? 0) + 1)
  }

  /// The state with the kernel's number.
  init?(number: UInt8) {
    // A half-open connection has a number of its own inside the kernel.
    let number = number == 12 ? 3 : number
    guard Self.allCases.indices.contains(Int(number) - 1) else { return nil }
    self = Self.allCases[Int(number) - 1]
  }
}
