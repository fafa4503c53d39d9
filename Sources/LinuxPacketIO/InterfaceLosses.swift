import CLinuxPacketIO
import Glibc

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
    guard
      let file = try? OwnedDescriptor(path, { unsafe open(path, O_RDONLY | O_CLOEXEC) })
    else { return nil }
    var octets = [UInt8](repeating: 0, count: 32)
    let count = unsafe read(file.number, &octets, octets.count)
    guard count > 0 else { return nil }
    let text = String(decoding: octets.prefix(count), as: UTF8.self)
    return UInt64(text.prefix { $0.isNumber })
  }
}
