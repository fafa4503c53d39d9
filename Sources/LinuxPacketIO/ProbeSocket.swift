import CLinuxPacketIO
import Glibc

/// A datagram socket that keeps what routers and hosts say about its datagrams, for anybody: the
/// error queue needs no privilege (IP_RECVERR in ip(7), IPV6_RECVERR in ipv6(7)).
public struct ProbeSocket: ~Copyable {
  private let socket: OwnedDescriptor
  private let destination: [UInt8]
  private let interface: UInt32

  /// Opens a socket for datagrams to one host.
  ///
  /// - Parameters:
  ///   - destination: The host's address, 4 octets of IPv4 or 16 of IPv6.
  ///   - interface: The number of the interface that a link-local address is on; 0 for any other.
  /// - Throws: ``SystemCallError`` naming the step that was refused.
  /// - Precondition: The address has 4 or 16 octets.
  public init(to destination: [UInt8], interface: Int = 0) throws(SystemCallError) {
    precondition([4, 16].contains(destination.count), "an address has 4 or 16 octets")
    self.destination = destination
    self.interface = UInt32(truncatingIfNeeded: interface)
    socket = try Self.open(isIPv4: destination.count == 4)
  }

  private static func open(isIPv4: Bool) throws(SystemCallError) -> OwnedDescriptor {
    let socket = try OwnedDescriptor("socket") {
      Glibc.socket(
        isIPv4 ? AF_INET : AF_INET6,
        CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
    }
    var yes: CInt = 1
    let level = CInt(isIPv4 ? IPPROTO_IP : IPPROTO_IPV6)
    let option = CInt(isIPv4 ? HALFOPEN_IP_RECVERR : HALFOPEN_IPV6_RECVERR)
    guard unsafe setsockopt(socket.number, level, option, &yes, 4) == 0 else {
      throw .last(isIPv4 ? "IP_RECVERR" : "IPV6_RECVERR")
    }
    return socket
  }

  /// Readable when there is a report or an answer.
  public var descriptor: CInt { socket.number }

  /// Sends one datagram.
  ///
  /// An earlier datagram's error can stand in the way; then the reports have to be taken first.
  ///
  /// - Parameters:
  ///   - octets: What it carries.
  ///   - port: Where it goes, and what its report is known by.
  ///   - hopLimit: How many links it may cross: the TTL of IPv4.
  /// - Throws: ``SystemCallError`` when the kernel does not take it.
  public func send(
    _ octets: [UInt8], port: UInt16, hopLimit: UInt8
  ) throws(SystemCallError) {
    let result = unsafe halfopen_send_probe(
      descriptor, destination, CInt(destination.count), interface, port, CInt(hopLimit), octets,
      octets.count)
    guard result == 0 else { throw .last("sendto") }
  }

  /// Takes the next report out of the error queue; nil when there is none.
  ///
  /// - Throws: ``SystemCallError`` when the queue cannot be read.
  public func nextReport() throws(SystemCallError) -> ProbeReport? {
    var report = halfopen_report()
    let result = unsafe halfopen_take_report(descriptor, &report)
    guard result >= 0 else { throw .last("recvmsg MSG_ERRQUEUE") }
    return result == 0 ? nil : ProbeReport(report)
  }

  /// Takes the next answer of somebody who listens where a datagram went.
  ///
  /// - Returns: The port that it is from; nil when there is none.
  public func nextAnswer() -> UInt16? {
    var port: UInt16 = 0
    return unsafe halfopen_take_answer(descriptor, &port) == 1 ? port : nil
  }
}

/// What became of a datagram, as the error queue tells it.
public struct ProbeReport: Hashable, Sendable {
  /// Who says so.
  public enum Origin: Hashable, Sendable {
    /// This machine.
    case local
    /// A router or a host, in an ICMP message of IPv4.
    case icmp
    /// A router or a host, in an ICMPv6 message.
    case icmpv6
  }

  /// Who says so.
  public let origin: Origin
  /// The type of the ICMP message; 0 where there was none.
  public let type: UInt8
  /// The code of the ICMP message; 0 where there was none.
  public let code: UInt8
  /// What the message adds, such as an MTU.
  public let parameter: UInt32
  /// The errno that the kernel made of it.
  public let error: CInt
  /// The address that the message came from, 4 or 16 octets; empty where there was none.
  public let offender: [UInt8]
  /// The number of the interface that a link-local offender is on; 0 for any other.
  public let offenderInterface: Int
  /// The port that the datagram was for.
  public let port: UInt16

  init(_ report: halfopen_report) {
    origin =
      switch CInt(report.origin) {
      case CInt(SO_EE_ORIGIN_ICMP): .icmp
      case CInt(SO_EE_ORIGIN_ICMP6): .icmpv6
      default: .local
      }
    type = report.type
    code = report.code
    parameter = report.information
    error = report.error
    offender = unsafe withUnsafeBytes(of: report.offender) { octets in
      unsafe Array(octets.prefix(Int(report.offender_octets)))
    }
    offenderInterface = Int(report.offender_interface)
    port = report.port
  }
}
