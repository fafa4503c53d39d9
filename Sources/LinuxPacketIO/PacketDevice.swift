/// Where a program that plays a host of its own gets packets from and sends them to: the one face
/// of a TUN device and of a pair of packet rings.
///
/// Confined to one thread at a time. The driver's loop is: wait until ``descriptor`` is readable,
/// ``takeArrived(_:)`` and ``send(_:)`` what answers, then ``flush()``.
public protocol PacketDevice: AnyObject {
  /// What packets begin with, either way: a LINKTYPE number of tcpdump.org.
  var linkType: UInt16 { get }

  /// Readable when packets wait, and when the device has failed.
  var descriptor: CInt { get }

  /// Hands over packets that have arrived, a bounded number of them, without waiting.
  ///
  /// - Parameter take: Gets each packet, which is valid until it returns.
  /// - Returns: How many were handed over.
  /// - Throws: ``SystemCallError`` when none will ever come again, as when the device was removed.
  func takeArrived(_ take: (ArrivedPacket, Span<UInt8>) -> Void) throws(SystemCallError) -> Int

  /// Sends a packet, now or at the next ``flush()``.
  ///
  /// - Returns: False when the device has no room for it: the packet is lost, as on a wire.
  func send(_ octets: Span<UInt8>) -> Bool

  /// Sees to it that everything is on its way that was sent.
  func flush()

  /// How many packets were lost because the program did not keep up; nil when the kernel does not
  /// tell.
  var missed: UInt64? { get }
}

/// What a device knows of a packet beside its octets.
public struct ArrivedPacket: Hashable, Sendable {
  /// Its length, in octets; more than were handed over when it was too long for the device's frames.
  public var originalLength: Int
  /// What is known of its transport checksum.
  public var checksum: ChecksumFact

  /// Creates the facts about one packet.
  public init(originalLength: Int, checksum: ChecksumFact) {
    self.originalLength = originalLength
    self.checksum = checksum
  }
}
