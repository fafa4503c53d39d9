import CaptureFiles
import Wire

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

  /// Prints the counts on standard output.
  func print(interfaces: [CaptureInterface]) {
    var lines = ["\(packets) packets, \(octetsCaptured) octets captured"]
    for (index, count) in perInterface.enumerated() where perInterface.count > 1 {
      let link = LinkType(rawValue: interfaces[index].linkType)
      let name = interfaces[index].name.map { " (\($0))" } ?? ""
      lines.append("interface \(index)\(name), \(link): \(count)")
    }
    StandardOutput.write(lines.joined(separator: "\n") + "\n")
  }
}
