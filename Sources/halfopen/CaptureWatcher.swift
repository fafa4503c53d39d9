import LinuxPacketIO

/// What looks at a capture while it runs, such as what draws its packets.
protocol CaptureWatcher: AnyObject {
  /// Gets a packet of the capture, one that passed all filters, and its octets, which are valid
  /// until this returns.
  func note(_ packet: PacketFacts, _ octets: Span<UInt8>)

  /// Called when all packets that had arrived were noted, and at least four times a second: the
  /// moment to draw.
  func flushed()
}
