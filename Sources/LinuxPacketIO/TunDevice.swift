import CLinuxPacketIO
import Glibc

/// A network device whose wire ends in this program: what the kernel routes to it is read here as
/// IP packets, and what is sent here arrives in the kernel (Documentation/networking/tuntap.rst).
///
/// A device that this value has made goes away with it, whatever ends the process.
public final class TunDevice: PacketDevice {
  /// Its name, as the kernel has it.
  public let name: String
  /// Whether it was there before, and so was set up by somebody else.
  public let wasThere: Bool

  private let file: OwnedDescriptor
  private var room = [UInt8](repeating: 0, count: 65_536)

  /// The most packets that are handed over at once, so that the caller's loop comes round.
  private static let mostPackets = 256

  /// How many packets wait in the kernel before it drops some.
  private static let queueLength: CInt = 10_000

  /// Creates the device called `wanted`, or joins it when there is one that this user may join.
  ///
  /// - Parameter wanted: At most 15 octets; `%d` in it becomes the first number that is free.
  /// - Throws: ``SystemCallError`` naming the device; with a permission error when the process may
  ///   not create devices, with ENOENT when the machine has no TUN.
  public init(_ wanted: String) throws(SystemCallError) {
    wasThere = try NetworkInterface.named(wanted) != nil
    var given = [CChar](repeating: 0, count: Int(IFNAMSIZ))
    file = try OwnedDescriptor("TUN device \(wanted)") {
      unsafe halfopen_open_tun(wanted, &given)
    }
    name = String(
      decoding: given.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Gives the kernel's end of the device an address, and a route to the other end.
  ///
  /// - Parameters:
  ///   - own: The kernel's address, four octets or sixteen in network order.
  ///   - peer: The address at this end, as long.
  /// - Throws: ``SystemCallError`` naming the order that was refused.
  public func setAddresses(own: [UInt8], peer: [UInt8]) throws(SystemCallError) {
    switch (own.count, peer.count) {
    case (4, 4):
      for (order, octets) in [(HALFOPEN_SIOCSIFADDR, own), (HALFOPEN_SIOCSIFDSTADDR, peer)] {
        guard unsafe halfopen_set_address4(name, order, octets) == 0 else {
          throw .last("address of \(name)")
        }
      }
    case (16, 16):
      // A route to the other end is one to the longest prefix that both addresses share.
      let shared = zip(own, peer).reduce(into: (bits: UInt32(0), isOver: false)) { sum, pair in
        guard !sum.isOver else { return }
        let same = (pair.0 ^ pair.1).leadingZeroBitCount
        sum.bits += UInt32(same)
        sum.isOver = same < 8
      }
      guard unsafe halfopen_add_address6(name, own, shared.bits) == 0 else {
        throw .last("IPv6 address of \(name)")
      }
    default:
      preconditionFailure("the two ends of a device have addresses of one family")
    }
  }

  /// Brings the device up.
  ///
  /// - Throws: ``SystemCallError`` when that is refused.
  public func bringUp() throws(SystemCallError) {
    guard unsafe halfopen_interface_up(name, Self.queueLength) == 0 else {
      throw .last("bringing up \(name)")
    }
  }

  /// Raw IP: LINKTYPE_RAW.
  public var linkType: UInt16 { 101 }

  /// Readable when packets wait, and when the device has been removed.
  public var descriptor: CInt { file.number }

  /// Hands over packets that have arrived; the kernel has completed their checksums.
  ///
  /// - Throws: ``SystemCallError`` when the device has been removed.
  public func takeArrived(
    _ take: (ArrivedPacket, Span<UInt8>) -> Void
  ) throws(SystemCallError) -> Int {
    for taken in 0..<Self.mostPackets {
      let count = unsafe read(descriptor, &room, room.count)
      if count < 0 {
        // A device that is down comes back.
        guard errno != EAGAIN, errno != EINTR, errno != EIO else { return taken }
        throw .last("reading from \(name)")
      }
      take(
        ArrivedPacket(originalLength: count, checksum: .unknown), room.span.extracting(..<count))
    }
    return Self.mostPackets
  }

  /// Sends a packet into the kernel at once.
  public func send(_ octets: Span<UInt8>) -> Bool {
    unsafe octets.withUnsafeBufferPointer { buffer in
      unsafe write(descriptor, buffer.baseAddress, buffer.count) == buffer.count
    }
  }

  /// Nothing: packets are sent at once.
  public func flush() {}

  /// Not known: what the queue had no room for the kernel counts at its own end.
  public var missed: UInt64? { nil }
}
