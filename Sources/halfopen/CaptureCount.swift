import CaptureFiles

/// How many packets a capture file holds, of each interface: what needs no look into them.
struct CaptureCount {
  /// The packets of all interfaces.
  private(set) var packets = 0
  /// The packets of each interface, in the file's order.
  private(set) var perInterface: [Int] = []
  /// What was kept of them, in octets.
  private(set) var octetsCaptured = 0

  /// Counts the packets of `input`.
  init(of input: CaptureInput) throws {
    var packets = 0
    var octets = 0
    var perInterface: [Int] = []
    try input.forEachRecord { record, frame in
      packets += 1
      octets += frame.count
      while perInterface.count <= record.interface { perInterface.append(0) }
      perInterface[record.interface] += 1
      return true
    }
    self.packets = packets
    octetsCaptured = octets
    self.perInterface = perInterface
  }
}
