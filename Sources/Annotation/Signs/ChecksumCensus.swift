public import Wire

/// What the TCP checksums of each sender turned out to be, for one line per sender instead of one
/// per packet.
///
/// Bounded: after `mostSenders` addresses the others are counted together.
public struct ChecksumCensus: Sendable {
  private var places: [IPAddress: Int] = [:]
  private var tallies: [SenderChecksums] = []
  private let mostSenders: Int
  /// The senders beyond the bound, together; their address is nil.
  public private(set) var others = SenderChecksums(address: nil)

  /// Creates an empty census.
  ///
  /// - Parameter mostSenders: How many addresses are kept apart, from 0 up.
  public init(mostSenders: Int = 1_024) {
    self.mostSenders = mostSenders
  }

  /// Takes in one segment's checksum.
  public mutating func note(_ verdict: ChecksumVerdict, from sender: IPAddress) {
    if let place = places[sender] {
      tallies[place].note(verdict)
    } else if tallies.count < mostSenders {
      places[sender] = tallies.count
      tallies.append(SenderChecksums(address: sender))
      tallies[tallies.count - 1].note(verdict)
    } else {
      others.note(verdict)
    }
  }

  /// Every sender's, in the order in which they were first seen.
  public var senders: [SenderChecksums] { tallies }

  /// What there is to say: of each sender whose checksums are not simply good, one line; then of the
  /// others together.
  public var lines: [String] {
    (tallies + [others]).filter { $0.verdict != .good && $0.verdict != .nothing }
      .map(\.description)
  }
}

/// What the TCP checksums of one sender turned out to be.
public struct SenderChecksums: Hashable, Sendable {
  /// The sender; nil for several together.
  public var address: IPAddress?
  /// How many were right.
  public var good = 0
  /// How many hold the pseudo header's sum alone.
  public var leftToCard = 0
  /// How many are zero.
  public var notFilled = 0
  /// How many are wrong.
  public var wrong = 0
  /// How many cannot be checked.
  public var uncheckable = 0

  /// Creates the empty tally of a sender.
  public init(address: IPAddress?) {
    self.address = address
  }

  /// Takes in one checksum.
  public mutating func note(_ verdict: ChecksumVerdict) {
    switch verdict {
    case .good: good += 1
    case .partial: leftToCard += 1
    case .absent: notFilled += 1
    case .wrong: wrong += 1
    case .uncheckable: uncheckable += 1
    }
  }

  /// All of them.
  public var count: Int { checked + uncheckable }

  private var checked: Int { good + leftToCard + notFilled + wrong }

  /// What they say of a sender.
  public enum Verdict: String, Hashable, Sendable {
    /// No segment.
    case nothing
    /// All that could be checked are right.
    case good
    /// None could be checked: cut or in fragments.
    case notCheckable = "not-checkable"
    /// Some were left to the card: captured on this host, before it sent them.
    case onThisHost = "on-this-host"
    /// All are zero, which is left to the card by drivers that fill in nothing.
    case notFilled = "not-filled"
    /// All that could be checked are wrong, of at least three: an offload that leaves other octets,
    /// or a box that changes segments and not their sums.
    case allWrong = "all-wrong"
    /// Some are wrong: damaged on the way, or forged to be thrown away.
    case someWrong = "some-wrong"
  }

  /// The verdict.
  public var verdict: Verdict {
    if count == 0 { return .nothing }
    if checked == 0 { return .notCheckable }
    if wrong > 0 { return wrong == checked && wrong >= 3 ? .allWrong : .someWrong }
    if leftToCard > 0 { return .onThisHost }
    if notFilled > 0 { return .notFilled }
    return .good
  }
}

extension SenderChecksums: CustomStringConvertible {
  /// One line for a person.
  public var description: String {
    let name = address.map(\.description) ?? "other senders"
    return switch verdict {
    case .nothing: "\(name): no checksums"
    case .good: "\(name): \(Self.counted(good)) good"
    case .notCheckable: "\(name): \(Self.counted(uncheckable)), none can be checked"
    case .onThisHost:
      "\(name): \(Self.counted(leftToCard)) left to the card: captured on this host"
    case .notFilled:
      "\(name): \(Self.counted(notFilled)) not filled in: left to the card, captured on this host"
    case .allWrong:
      "\(name): all \(wrong) checksums wrong: an offload of its own kind, or a box that changes "
        + "segments and not their sums"
    case .someWrong:
      "\(name): \(wrong) of \(Self.counted(checked)) wrong: damaged on the way, or forged"
    }
  }

  private static func counted(_ number: Int) -> String {
    "\(number) \(number == 1 ? "checksum" : "checksums")"
  }
}
