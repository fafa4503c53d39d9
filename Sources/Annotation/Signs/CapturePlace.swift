public import Determinism

/// Where between client and server a connection was captured.
public enum CapturePlace: String, Hashable, Sendable, CaseIterable {
  /// On the client, or so near that the way to it takes a tenth of the round trip at most.
  case client
  /// On the server, or as near to it.
  case server
  /// Between them.
  case between
  /// On a host that is both.
  case sameHost = "same-host"
  /// Not enough was seen, or it contradicts itself.
  case unknown
}

/// What tells where a connection was captured, and what it tells together.
///
/// Three signs: the halves of the round trip, which the place of capture divides; a checksum left to
/// the card, which no wire carries; and a TTL that no router has touched.
public struct CapturePlaceReading: Hashable, Sendable {
  /// From SYN to SYN-ACK; nil unless measured unambiguously.
  public var serverSide: Nanoseconds?
  /// From SYN-ACK to ACK, which the client's kernel sends at once; nil unless measured unambiguously.
  public var clientSide: Nanoseconds?
  /// The TTL or hop limit of the client's segments, as captured.
  public var clientTTL: UInt8?
  /// The TTL or hop limit of the server's segments, as captured.
  public var serverTTL: UInt8?
  /// Whether a checksum of the client's was left to its card.
  public var clientLeavesChecksums = false
  /// Whether a checksum of the server's was left to its card.
  public var serverLeavesChecksums = false

  /// Nothing seen yet.
  public init() {}

  /// How much is to be believed of a place.
  public enum Confidence: String, Hashable, Sendable, Comparable {
    /// One sign that other things explain too.
    case weak
    /// Two signs that agree, or halves of the round trip that differ tenfold.
    case good
    /// Proof.
    case certain

    /// Tells which of two is believed less.
    public static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

    private var rank: Int {
      switch self {
      case .weak: 0
      case .good: 1
      case .certain: 2
      }
    }
  }
}

extension CapturePlaceReading {
  /// How many routers a segment has passed, by the nearest usual initial TTL above.
  ///
  /// Stacks begin with 64 (Linux, BSD, Apple), 128 (Windows) or 255 (routers, Solaris); 32 is too
  /// rare to be assumed, and more than 30 hops hardly exist.
  ///
  /// - Parameter ttl: As captured.
  /// - Returns: From 0 to 126.
  public static func hops(fromTTL ttl: UInt8) -> Int {
    let initial = [64, 128, 255].first { $0 >= Int(ttl) } ?? 255
    return initial - Int(ttl)
  }

  /// The halves below which they are too short to be compared: what a kernel takes to answer.
  static let shortest = Nanoseconds.microseconds(200)

  /// The place by the halves of the round trip alone.
  ///
  /// Where one side takes at most a tenth of the whole, the capture is on that side; where both take
  /// at least a fifth, it lies between. A whole below 0.2 ms says nothing.
  public var placeByTimes: CapturePlace {
    guard let serverSide, let clientSide, serverSide >= .zero, clientSide >= .zero else {
      return .unknown
    }
    let whole = serverSide + clientSide
    guard whole >= Self.shortest else { return .unknown }
    if clientSide.count <= whole.count / 10 { return .client }
    if serverSide.count <= whole.count / 10 { return .server }
    let isMiddle = min(clientSide, serverSide).count >= whole.count / 5
    return isMiddle ? .between : .unknown
  }

  /// The place by TTLs alone: by the side of the sender whose TTL is untouched.
  public var placeByTTL: CapturePlace {
    guard let clientTTL, let serverTTL else { return .unknown }
    return switch (Self.hops(fromTTL: clientTTL), Self.hops(fromTTL: serverTTL)) {
    case (0, 0): .unknown
    case (0, _): .client
    case (_, 0): .server
    case (_, _): .between
    }
  }

  /// The place by checksums alone, which prove it: on a wire all are filled in.
  public var placeByChecksums: CapturePlace {
    switch (clientLeavesChecksums, serverLeavesChecksums) {
    case (true, true): .sameHost
    case (true, false): .client
    case (false, true): .server
    case (false, false): .unknown
    }
  }

  /// The place that the signs give together.
  public var place: CapturePlace { conclusion.place }

  /// How much is to be believed of ``place``; nil when it is unknown.
  public var confidence: Confidence? { conclusion.confidence }

  private var conclusion: (place: CapturePlace, confidence: Confidence?) {
    if placeByChecksums != .unknown { return (placeByChecksums, .certain) }
    return switch (placeByTimes, placeByTTL) {
    case (.unknown, .unknown): (.unknown, nil)
    case (let place, .unknown): (place, isTenfold ? .good : .weak)
    case (.unknown, let place): (place, .weak)
    case (let times, let hops) where times == hops: (times, .good)
    // A capture one router away from a host is near to it by time, and between by TTL.
    case (let times, .between): (times, .weak)
    case (_, _): (.unknown, nil)
    }
  }

  private var isTenfold: Bool {
    switch placeByTimes {
    case .client, .server: true
    case .between, .sameHost, .unknown: false
    }
  }
}

extension CapturePlaceReading: CustomStringConvertible {
  /// One sentence for a person.
  public var description: String {
    let place =
      switch self.place {
      case .client: "captured at or near the client"
      case .server: "captured at or near the server"
      case .between: "captured between client and server"
      case .sameHost: "captured on a host that is both client and server"
      case .unknown: "where it was captured is not to be told"
      }
    guard let confidence else { return place }
    return "\(place) (\(confidence.rawValue): \(reasons.joined(separator: "; ")))"
  }

  private var reasons: [String] {
    var reasons: [String] = []
    switch placeByChecksums {
    case .unknown: break
    case .client, .server, .sameHost, .between: reasons.append("checksums left to the card")
    }
    if let serverSide, let clientSide, placeByTimes != .unknown {
      reasons.append("\(serverSide.inWords) to the server, \(clientSide.inWords) to the client")
    }
    if let clientTTL, let serverTTL, placeByTTL != .unknown {
      reasons.append(
        "\(Self.hops(fromTTL: clientTTL)) hops to the client, "
          + "\(Self.hops(fromTTL: serverTTL)) to the server by TTL")
    }
    return reasons
  }
}
