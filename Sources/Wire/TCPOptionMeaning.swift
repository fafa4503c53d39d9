/// What an option says, where its kind and its octets are those of a known one.
public enum TCPOptionMeaning: Hashable, Sendable {
  /// Blocks received out of order (RFC 2018 §3).
  case sack([SACKBlock])
  /// A Fast Open cookie; empty asks for one. Before it had a kind of its own it was an experiment
  /// (RFC 7413 §4.1.1, RFC 6994).
  case fastOpen(cookie: [UInt8], isExperiment: Bool)
  /// Multipath TCP (RFC 8684 §3): what it is about, and the octets from that on.
  case multipath(MultipathSubject, octets: [UInt8])
  /// Counters of accurate ECN, 24 bits each, from 0 to 3 of them (RFC 9768 §3.2.3); in order 0 they
  /// are those of ECT(0), CE and ECT(1), in order 1 the other way round.
  case accurateECN(order: UInt8, counters: [UInt32])
  /// How long unacknowledged data is kept, in seconds (RFC 5482 §3).
  case userTimeout(seconds: Int)
  /// A signature with MD5 (RFC 2385).
  case signature
  /// TCP-AO with the numbers of its keys (RFC 5925 §2.2).
  case authentication(key: UInt8, nextKey: UInt8)
  /// A negotiation of encryption (RFC 8547).
  case encryption
  /// An experiment with its identifier (RFC 6994).
  case experiment(identifier: UInt16)
  /// Nothing that is known here.
  case unknown(kind: UInt8)
}

/// What an option of multipath TCP is about (RFC 8684 §8.2).
public enum MultipathSubject: Hashable, Sendable {
  /// MP_CAPABLE: the sender could use several paths.
  case capable
  /// MP_JOIN: a further path of a connection.
  case join
  /// DSS: which data the sequence numbers stand for.
  case dataSequence
  /// ADD_ADDR: a further address.
  case addAddress
  /// REMOVE_ADDR: an address is gone.
  case removeAddress
  /// MP_PRIO: a path's rank.
  case priority
  /// MP_FAIL: back to one path.
  case fail
  /// MP_FASTCLOSE: the whole connection is reset.
  case fastClose
  /// MP_TCPRST: why a path is reset.
  case reset
  /// Another number, from 0 to 15.
  case other(UInt8)

  /// Creates the subject with the lower four bits of this number.
  public init(number: UInt8) {
    self =
      switch number & 15 {
      case 0: .capable
      case 1: .join
      case 2: .dataSequence
      case 3: .addAddress
      case 4: .removeAddress
      case 5: .priority
      case 6: .fail
      case 7: .fastClose
      case 8: .reset
      case let number: .other(number)
      }
  }
}

extension TCPOption {
  /// What the option says.
  public var meaning: TCPOptionMeaning {
    switch self {
    case .sack(let blocks): .sack(blocks)
    case .fastOpen(let cookie): .fastOpen(cookie: cookie, isExperiment: false)
    case .unknown(let kind, let octets): Self.meaning(of: kind, octets)
    }
  }

  /// The identifier of Fast Open's experiment (RFC 7413 §4.1.1).
  static let fastOpenExperiment: UInt16 = 0xF989

  private static func meaning(of kind: UInt8, _ octets: [UInt8]) -> TCPOptionMeaning {
    switch (kind, octets.count) {
    case (19, 16):
      .signature
    case (28, 2):
      // The first bit tells minutes from seconds.
      .userTimeout(
        seconds: (Int(octets[0] & 0x7F) << 8 | Int(octets[1])) * (octets[0] & 0x80 == 0 ? 1 : 60))
    case (29, 2...):
      .authentication(key: octets[0], nextKey: octets[1])
    case (30, 1...):
      .multipath(MultipathSubject(number: octets[0] >> 4), octets: octets)
    case (69, _):
      .encryption
    case (172, 0), (172, 3), (172, 6), (172, 9), (174, 0), (174, 3), (174, 6), (174, 9):
      .accurateECN(order: kind == 172 ? 0 : 1, counters: counters(in: octets))
    case (253, 2...), (254, 2...):
      meaning(ofExperiment: UInt16(octets[0]) << 8 | UInt16(octets[1]), octets)
    default:
      .unknown(kind: kind)
    }
  }

  private static func meaning(
    ofExperiment identifier: UInt16, _ octets: [UInt8]
  ) -> TCPOptionMeaning {
    identifier == fastOpenExperiment
      ? .fastOpen(cookie: Array(octets.dropFirst(2)), isExperiment: true)
      : .experiment(identifier: identifier)
  }

  private static func counters(in octets: [UInt8]) -> [UInt32] {
    stride(from: 0, to: octets.count - 2, by: 3).map { start in
      octets[start..<start + 3].reduce(0) { $0 << 8 | UInt32($1) }
    }
  }
}

extension MultipathSubject: CustomStringConvertible {
  /// The name of RFC 8684.
  public var description: String {
    switch self {
    case .capable: "MP_CAPABLE"
    case .join: "MP_JOIN"
    case .dataSequence: "DSS"
    case .addAddress: "ADD_ADDR"
    case .removeAddress: "REMOVE_ADDR"
    case .priority: "MP_PRIO"
    case .fail: "MP_FAIL"
    case .fastClose: "MP_FASTCLOSE"
    case .reset: "MP_TCPRST"
    case .other(let number): "subtype \(number)"
    }
  }
}

extension TCPOptionMeaning: CustomStringConvertible {
  /// A few words for a person.
  public var description: String {
    switch self {
    case .sack(let blocks):
      "SACK "
        + blocks.map { "\($0.leftEdge.rawValue)-\($0.rightEdge.rawValue)" }.joined(separator: " ")
    case .fastOpen(let cookie, let isExperiment):
      (isExperiment ? "experimental " : "") + "Fast Open cookie "
        + (cookie.isEmpty ? "request" : "of \(cookie.count) octets")
    case .multipath(let subject, _): "MPTCP \(subject)"
    case .accurateECN(let order, let counters):
      "AccECN order \(order)" + counters.map { " \($0)" }.joined()
    case .userTimeout(let seconds): "user timeout \(seconds) s"
    case .signature: "MD5 signature"
    case .authentication(let key, let nextKey): "TCP-AO key \(key) next \(nextKey)"
    case .encryption: "TCP-ENO"
    case .experiment(let identifier): "experiment 0x\(String(identifier, radix: 16))"
    case .unknown(let kind): "kind \(kind)"
    }
  }
}
