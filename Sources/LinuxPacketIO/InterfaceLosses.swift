/// What an interface lost before any capture could see it, as the kernel counts it.
///
/// The counters are those that libpcap reads. They stand under /sys, which keeps showing the
/// network namespace it was mounted in: in another one there is nothing to read, and 0 is told.
struct InterfaceLosses {
  private let name: String
  private let before: UInt64

  /// Starts to count for one interface.
  init(of name: String) {
    self.name = name
    before = Self.total(of: name)
  }

  /// The number of packets lost since.
  var since: UInt64 {
    let now = Self.total(of: name)
    return now >= before ? now - before : 0
  }

  private static func total(of name: String) -> UInt64 {
    guard !name.contains("/") else { return 0 }
    return ["rx_missed_errors", "rx_fifo_errors"].reduce(0) { sum, counter in
      sum &+ (number(in: "/sys/class/net/\(name)/statistics/\(counter)") ?? 0)
    }
  }

  private static func number(in path: String) -> UInt64? {
    KernelText.content(of: path).flatMap { UInt64($0.prefix { $0.isNumber }) }
  }
}
