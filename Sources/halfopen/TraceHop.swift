import Determinism
import LinuxPacketIO
import Wire

/// What became of the datagrams that were allowed to cross so many links and no more.
struct TraceHop {
  /// How many links.
  let number: Int
  /// One for each datagram, in the order sent; nil for one that nobody said anything about.
  var replies: [Reply?]

  /// What was said about one datagram.
  struct Reply: Hashable {
    /// Who said it, with `%INTERFACE` where the address needs it.
    let sender: String
    /// From the datagram's start to its report's arrival here.
    let roundTrip: Nanoseconds
    let meaning: Meaning
  }

  /// What a reply means for the way to the host.
  enum Meaning: Hashable {
    /// A router on the way: the datagram's hop limit was spent there.
    case onTheWay
    /// The host itself: it has no use for the datagram, or answers it.
    case arrived(String)
    /// Nobody gets any further here, for this reason.
    case stopped(String)
  }

  /// Whether the host has been reached.
  var hasArrived: Bool {
    replies.contains { if case .arrived? = $0?.meaning { true } else { false } }
  }

  /// Why nobody gets any further; nil when somebody does.
  var obstacle: String? {
    guard !hasArrived else { return nil }
    return replies.lazy.compactMap { reply in
      if case .stopped(let reason)? = reply?.meaning { reason } else { nil }
    }.first
  }
}

extension TraceHop.Meaning {
  /// What a report means, by its sender's numbers (RFC 792, RFC 4443).
  init(_ report: ProbeReport) {
    let family: ICMPFamily
    switch report.origin {
    case .icmp: family = .v4
    case .icmpv6: family = .v6
    case .local:
      self = .stopped(SystemCallError(call: "send", code: report.error).reason)
      return
    }
    let isExceeded = family == .v4 ? report.type == 11 : report.type == 3
    let isPortUnreachable = (report.type, report.code) == (family == .v4 ? (3, 3) : (1, 4))
    let words = Self.words(report, family)
    self = isExceeded ? .onTheWay : isPortUnreachable ? .arrived(words) : .stopped(words)
  }

  private static func words(_ report: ProbeReport, _ family: ICMPFamily) -> String {
    var octets: [UInt8] = [report.type, report.code, 0, 0]
    for shift in [24, 16, 8, 0] {
      octets.append(UInt8(truncatingIfNeeded: report.parameter >> UInt32(shift)))
    }
    return (try? ICMPMessage(parsing: octets.span, family: family))?.description
      ?? "ICMP type \(report.type), code \(report.code)"
  }
}
