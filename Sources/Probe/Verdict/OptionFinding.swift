import Annotation
import Wire

/// What a listener answers to one offer of options.
public struct OptionFinding: Hashable, Sendable {
  /// What was offered.
  public var offer: ProbeOffer
  /// What came back; nil for no SYN-ACK.
  public var answer: Answer?
  /// The frame of the answer.
  public var frame: Int?

  /// The probability that this is wrong: an answer that is missing may be lost, one in a hundred,
  /// judged; one that came acknowledges a number of 32 bits.
  public var errorProbability: Double { answer == nil ? 0.01 : CookieFinding.smallestError }

  /// The options of a SYN-ACK.
  public struct Answer: Hashable, Sendable {
    /// The MSS announced.
    public var maximumSegmentSize: UInt16?
    /// The window scale.
    public var windowScale: UInt8?
    /// Whether SACK is permitted.
    public var sack: Bool
    /// Whether timestamps are there.
    public var timestamps: Bool
    /// The octets of a Fast Open cookie; nil without one.
    public var fastOpenOctets: Int?
    /// What is granted of explicit congestion notification.
    public var congestion: Congestion
  }

  /// What a SYN-ACK grants of explicit congestion notification (RFC 9768 §3.1.1).
  public enum Congestion: String, Hashable, Sendable {
    /// Nothing.
    case none
    /// The classic one.
    case classic
    /// The accurate one.
    case accurate
    /// All three bits as in the SYN: whoever answers copies what it does not understand.
    case reflected
  }

  /// The offers that were made, each once, in order, with the first answer to each.
  static func table(_ exchanges: [ProbeExchange]) -> [Self] {
    var rows: [Self] = []
    for exchange in exchanges
    where !exchange.syn.flags.contains(.fin) && exchange.syn.dataLength == 0 {
      let offer = ProbeOffer(of: exchange.syn)
      let answer = exchange.synAck.map(Answer.init)
      if let place = rows.firstIndex(where: { $0.offer == offer }) {
        guard rows[place].answer == nil else { continue }
        rows[place].answer = answer
        rows[place].frame = exchange.synAck?.frame
      } else {
        rows.append(Self(offer: offer, answer: answer, frame: exchange.synAck?.frame))
      }
    }
    return rows
  }
}

extension OptionFinding.Answer {
  init(_ synAck: ObservedSegment) {
    let options = synAck.options
    let counter =
      (synAck.hasAE ? 4 : 0) | (synAck.flags.contains(.cwr) ? 2 : 0)
      | (synAck.flags.contains(.ece) ? 1 : 0)
    self.init(
      maximumSegmentSize: options.maximumSegmentSize, windowScale: options.windowScale,
      sack: options.sackPermitted, timestamps: options.timestamps != nil,
      fastOpenOctets: options.others.compactMap { option in
        if case .fastOpen(let cookie) = option { cookie.count } else { nil }
      }.first,
      congestion: counter == 0 || counter == 5
        ? .none
        : counter == 1 ? .classic : counter == 7 ? .reflected : .accurate)
  }
}

extension ProbeOffer {
  /// What a captured SYN offers.
  init(of syn: ObservedSegment) {
    let options = syn.options
    self.init(
      maximumSegmentSize: options.maximumSegmentSize, windowScale: options.windowScale,
      sack: options.sackPermitted, timestamps: options.timestamps != nil,
      fastOpen: options.others.contains { if case .fastOpen = $0 { true } else { false } },
      congestion: !syn.flags.isSuperset(of: [.ece, .cwr])
        ? .none
        : syn.hasAE ? .accurate : .classic)
  }
}

extension OptionFinding.Answer: CustomStringConvertible {
  /// The options' names, or `nothing`.
  public var description: String {
    let names = [
      maximumSegmentSize.map { "MSS \($0)" }, windowScale.map { "WS \($0)" },
      sack ? "SACK" : nil, timestamps ? "TS" : nil,
      fastOpenOctets.map { "TFO cookie of \($0)" },
      congestion == .none ? nil : "ECN \(congestion.rawValue)",
    ].compactMap { $0 }
    return names.isEmpty ? "nothing" : names.joined(separator: ", ")
  }
}
