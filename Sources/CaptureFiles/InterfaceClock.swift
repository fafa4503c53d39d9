import Determinism

/// What of an interface every one of its packets needs: numbers only, so that to look it up costs
/// nothing.
struct InterfaceClock: Hashable, Sendable {
  let linkType: UInt16
  let snapLength: UInt32
  private let resolution: TimestampResolution
  private let offset: Int64
  /// The nanoseconds of one step where they are whole and nothing is to be added; else 0.
  private let step: UInt64

  init(of interface: CaptureInterface) {
    linkType = interface.linkType
    snapLength = interface.snapLength
    resolution = interface.resolution
    offset = interface.timestampOffset
    step = offset == 0 ? resolution.wholeNanoseconds : 0
  }

  /// The time that `steps` since 1970 stand for.
  func instant(of steps: UInt64) -> Instant {
    let (product, overflow) = steps.multipliedReportingOverflow(by: step)
    guard step > 0, !overflow, let nanoseconds = Int64(exactly: product) else {
      return resolution.instant(of: steps, offset: offset)
    }
    return Instant(nanoseconds: nanoseconds)
  }

  /// The time of a pcap record; a fraction of a second or more is carried over, not refused.
  func instant(ofSeconds seconds: UInt32, fraction: UInt32) -> Instant {
    // At most 2^32 · (10^9 + 10^3), for a pcap file's step is 1 or 1,000: far from the end.
    let nanoseconds = UInt64(seconds) &* 1_000_000_000 &+ UInt64(fraction) &* step
    return Instant(nanoseconds: Int64(clamping: nanoseconds))
  }
}

extension TimestampResolution {
  /// The nanoseconds of one step where they are a whole number; else 0.
  fileprivate var wholeNanoseconds: UInt64 {
    guard rawValue <= 9 else { return 0 }
    var nanoseconds: UInt64 = 1
    for _ in rawValue..<9 { nanoseconds *= 10 }
    return nanoseconds
  }
}
