import Determinism
import Handshake
import SynCookies
import Wire

/// Traffic as properties draw it: addresses, options and segments, the plainest first.
extension Choices {
  /// Draws one of a few addresses of a family's documentation prefix.
  mutating func address(isVersion6: Bool, host: ClosedRange<Int>) throws(CaseEnd) -> IPAddress {
    let host = try number(in: host)
    return isVersion6
      ? .v6(IPv6Address(high: 0x2001_0DB8 << 32, low: UInt64(host)))
      : .v4(IPv4Address(192, 0, 2, UInt8(truncatingIfNeeded: host)))
  }

  /// Draws the name of a connection to port 8086 of host 1, as its listener sees it.
  mutating func tupleAtListener() throws(CaseEnd) -> FourTuple {
    let isVersion6 = try chance(1, in: 3)
    let local = Endpoint(try address(isVersion6: isVersion6, host: 1...1), port: 8_086)
    let peer = try address(isVersion6: isVersion6, host: 2...9)
    return FourTuple(
      local: local, peer: Endpoint(peer, port: UInt16(try number(in: 40_000...40_003))))
  }

  /// Draws a sequence number, the edges of the circle more often than the rest.
  mutating func sequenceNumber() throws(CaseEnd) -> SequenceNumber {
    SequenceNumber(
      try edge(of: [0, 1, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFE, 0xFFFF_FFFF]))
  }

  /// Draws a step on the circle that is not 0: 1 and −1, both sides of a window of `window` octets,
  /// the far side, or anything.
  mutating func stepAway(window: UInt32 = 64_256) throws(CaseEnd) -> UInt32 {
    let step = try edge(of: [1, .max, window - 1, window, window + 1, 1 << 31, 1_000])
    return step == 0 ? 1 : step
  }

  /// Draws options that a SYN may bear, among them shifts beyond what is allowed.
  mutating func synOptions() throws(CaseEnd) -> TCPOptions {
    var options = TCPOptions.none
    if try chance(2, in: 3) {
      options.maximumSegmentSize = UInt16(
        truncatingIfNeeded: try edge(of: [1_460, 0, 1, 47, 48, 65_535], orUpTo: 65_535))
    }
    if try chance(2, in: 3) {
      options.windowScale = UInt8(
        truncatingIfNeeded: try edge(of: [7, 0, 14, 15, 255], orUpTo: 255))
    }
    options.sackPermitted = try chance(2, in: 3)
    if try chance(2, in: 3) {
      options.timestamps = TCPTimestamps(
        value: try edge(of: [0, 1, .max]), echoReply: try edge(of: [0]))
    }
    return options
  }

  /// Draws what a host offers in its handshakes.
  mutating func stackSettings() throws(CaseEnd) -> StackSettings {
    var settings = StackSettings()
    settings.maximumSegmentSize = try chance(1, in: 4) ? nil : 1_460
    settings.windowScale = try chance(1, in: 4) ? nil : UInt8(try number(in: 0...14))
    settings.offersSack = try !chance(1, in: 3)
    settings.offersTimestamps = try !chance(1, in: 3)
    settings.receiveWindow = try element(of: [64_256, 0, 1, 65_535, 65_536, 1 << 20])
    return settings
  }

  /// Draws a doubling schedule: up to `retries` retries after up to ten seconds.
  mutating func doublingSchedule(retries: Int = 7) throws(CaseEnd) -> RetransmissionSchedule {
    let timeout = Nanoseconds(Int64(try number(in: 1...10)) * 1_000_000_000)
    return RetransmissionSchedule(
      initialTimeout: timeout, retries: try number(in: 0...retries))
  }

  /// Draws control bits.
  mutating func flags() throws(CaseEnd) -> TCPFlags {
    TCPFlags(rawValue: UInt8(truncatingIfNeeded: try choice(upTo: 255)))
  }

  /// Draws any segment from the peer of `tuple` to its listener.
  mutating func segment(on tuple: FourTuple) throws(CaseEnd) -> Segment {
    Segment(
      from: tuple.peer, to: tuple.local, try flags(), sequence: try sequenceNumber(),
      acknowledgment: try sequenceNumber(),
      window: UInt16(truncatingIfNeeded: try choice(upTo: 65_535)), options: try synOptions(),
      payload: try octets(upTo: 3))
  }

  /// Draws the keys of a listener.
  mutating func secrets() throws(CaseEnd) -> ListenerSecrets {
    var source = SeededGenerator(seed: try choice(upTo: .max))
    return ListenerSecrets(from: &source)
  }

  /// Draws the source of a host's own sequence numbers.
  mutating func numbers() throws(CaseEnd) -> SequenceNumberSource {
    SequenceNumberSource(secret: SipKey(low: try choice(upTo: .max), high: 0))
  }
}
