import LinuxPacketIO

/// Records that wait to be written together.
struct RecordBatch: ~Copyable {
  /// Their octets.
  private(set) var octets = RecordBuffer(capacity: 4 << 20)
  /// Where each of them ends, in octets from the beginning.
  private(set) var ends: [Int] = []

  /// Adds the record of one packet.
  mutating func append(
    _ packet: PacketFacts, _ frame: Span<UInt8>, through encoder: borrowing CaptureEncoder
  ) {
    encoder.append(packet, frame, to: &octets)
    ends.append(octets.count)
  }

  /// Adds octets that are no packet's record, such as statistics at the end.
  mutating func appendUncounted(_ more: [UInt8]) { octets.append(more.span) }

  /// Forgets everything, and keeps the room.
  mutating func removeAll() {
    octets.removeAll()
    ends.removeAll(keepingCapacity: true)
  }
}
