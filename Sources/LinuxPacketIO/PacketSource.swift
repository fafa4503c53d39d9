public import Determinism

/// A running capture: the one face of the ring and of libpcap.
///
/// Confined to one thread at a time. The driver's loop is: wait until ``descriptor`` is readable,
/// ``takeArrived(_:)``, write what came, and ask for the counts when it ends.
public protocol PacketSource: AnyObject {
  /// What the captured octets begin with: a LINKTYPE number of tcpdump.org.
  var linkType: UInt16 { get }

  /// The most octets that are kept of a packet.
  var snapLength: Int { get }

  /// Readable when packets wait, and when the capture has failed.
  var descriptor: CInt { get }

  /// Hands over packets that have arrived, a bounded number of them, without waiting.
  ///
  /// - Parameter take: Gets each packet and its octets, which are valid until it returns; it says
  ///   whether to go on.
  /// - Returns: What `take` said last; `.proceed` when nothing had arrived.
  /// - Throws: ``CaptureError`` when the capture cannot go on, once for each reason, as when its
  ///   interface has been removed; what had arrived before can still be taken.
  func takeArrived(_ take: PacketTaker) throws(CaptureError) -> CaptureStep

  /// Whether packets can come at the moment; looked at by ``takeArrived(_:)``.
  var isLinkUp: Bool { get }

  /// The number of packets handed over so far.
  var delivered: UInt64 { get }

  /// Counts what was seen since the capture began.
  ///
  /// - Throws: ``CaptureError`` when the kernel does not tell.
  func counts() throws(CaptureError) -> CaptureCounts
}

extension PacketSource {
  /// Hands over what the kernel had seen and not yet shown when this was called: the end of a
  /// capture that misses nothing.
  ///
  /// - Parameters:
  ///   - limit: How long to wait for it at most.
  ///   - take: Gets each packet, as in ``takeArrived(_:)``.
  /// - Throws: ``CaptureError`` when the capture cannot go on.
  public func takeRemaining(
    within limit: Nanoseconds, _ take: PacketTaker
  ) throws(CaptureError) {
    let end = MonotonicClock.now + limit
    let seen = try counts()
    let due = seen.received - min(seen.received, seen.droppedByKernel)
    while delivered < due, MonotonicClock.now < end {
      do throws(SystemCallError) {
        _ = try Readiness.wait(for: [descriptor], upTo: .milliseconds(10))
      } catch {
        throw CaptureError(error)
      }
      if try takeArrived(take) == .stop { return }
    }
  }
}

/// What gets each packet of a capture.
public typealias PacketTaker = (PacketFacts, Span<UInt8>) -> CaptureStep

/// Whether a capture goes on after a packet.
public enum CaptureStep: Hashable, Sendable {
  /// Hand over the next packet.
  case proceed
  /// Hand over no more now; what follows stays for the next time.
  case stop
}

/// The ways to capture.
public enum CaptureBackend: String, CaseIterable, Sendable {
  /// libpcap, which knows every kind of link.
  case pcap
  /// The kernel's ring, which also tells directions and checksums.
  case afpacket

  /// Begins a capture: from the return on, no packet is missed without being counted.
  ///
  /// - Throws: ``CaptureError``.
  public func begin(_ settings: CaptureSettings) throws(CaptureError) -> any PacketSource {
    switch self {
    case .pcap: try PcapCapture(settings)
    case .afpacket: try PacketRing(settings)
    }
  }
}

/// What to capture and how.
public struct CaptureSettings: Hashable, Sendable {
  /// The interface's name; ``everyInterface`` for all of them.
  public var interface: String
  /// A filter in tcpdump's syntax (pcap-filter(7)); empty for everything.
  public var filter: String
  /// The most octets to keep of a packet, from 1 to 262,144.
  public var snapLength: Int
  /// Whether to listen to what is meant for other machines too.
  public var isPromiscuous: Bool
  /// The room for packets that wait, in octets.
  public var bufferOctets: Int
  /// How long the kernel may collect packets before it shows them, in milliseconds.
  public var delayMilliseconds: Int

  /// Creates settings, by default those of a whole capture with at most 10 ms of delay.
  public init(
    interface: String, filter: String = "", snapLength: Int = Self.largestSnapLength,
    isPromiscuous: Bool = false, bufferOctets: Int = Self.defaultBufferOctets,
    delayMilliseconds: Int = 10
  ) {
    self.interface = interface
    self.filter = filter
    self.snapLength = min(max(snapLength, 1), Self.largestSnapLength)
    self.isPromiscuous = isPromiscuous
    self.bufferOctets = max(bufferOctets, 1 << 20)
    self.delayMilliseconds = max(delayMilliseconds, 1)
  }

  /// The room that a capture has when nothing else is asked for: more than two seconds of small
  /// packets at 200,000 a second.
  public static let defaultBufferOctets = 64 << 20

  /// The name that stands for all interfaces at once.
  public static let everyInterface = "any"

  /// The largest packet that libpcap and its readers expect (MAXIMUM_SNAPLEN of tcpdump).
  public static let largestSnapLength = 262_144
}
