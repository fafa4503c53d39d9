import Annotation
import ArgumentParser
import Wire

/// The filters that mean the same whatever stands around a segment.
struct SegmentFilterOptions: ParsableArguments {
  @Flag(help: "Only segments with SYN.")
  var syn = false

  @Flag(help: "Only what tells a handshake's story: SYN, RST, FIN, no data, ICMP errors about TCP.")
  var handshake = false

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp("Only this port, at either end; may be given several times.", valueName: "n")
  )
  var port: [UInt16] = []

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Only this address, at either end; may be given several times.", valueName: "address"),
    transform: Self.address)
  var host: [IPAddress] = []

  /// The filter that they make; nil when none was given.
  var filter: SegmentFilter? {
    let part: SegmentFilter.Part = handshake ? .handshake : syn ? .syn : .anything
    let filter = SegmentFilter(part, ports: port, hosts: host)
    return filter.isOpen ? nil : filter
  }

  private static func address(_ text: String) throws -> IPAddress {
    guard let address = IPAddress(text) else {
      throw ValidationError("must be an IPv4 or IPv6 address, not '\(text)'.")
    }
    return address
  }
}
