public import Determinism
public import Wire

/// What few flows have, kept apart so that the others need no room for it.
struct FlowRarities: Hashable, Sendable {
  /// ICMP errors about the flow, the first ``limit`` of them.
  var icmpErrors: [ICMPNotice] = []
  /// Packets that need a word, the first ``limit`` of them.
  var occurrences: [FlowOccurrence] = []
  /// The first stamp that the server sent.
  var stamp: StampReading?
  /// What the latest SYN offered, where that is not what the first one did.
  var laterOffer: TCPOptions?
  /// When a reset refused the connection first, and what it echoed.
  var refusal: SentHandshakeSegment?
  /// What the last challenge ACK acknowledged.
  var challenge: SequenceNumber?
  /// What the last SYN-ACK acknowledged that answered an old duplicate.
  var oldDuplicateAnswered: SequenceNumber?

  /// How many notices and occurrences are kept of a flow.
  static let limit = 32

  mutating func note(_ kind: FlowOccurrence.Kind, frame: Int) {
    guard occurrences.count < Self.limit else { return }
    occurrences.append(FlowOccurrence(kind: kind, frame: frame))
  }

  mutating func note(_ notice: ICMPNotice) {
    guard icmpErrors.count < Self.limit else { return }
    icmpErrors.append(notice)
  }
}

/// A packet of a flow that needs a word beside the verdict.
public struct FlowOccurrence: Hashable, Sendable {
  /// What happened.
  public var kind: Kind
  /// The frame's number in the file, from 1.
  public var frame: Int

  /// What can happen beside a handshake.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// An ACK of an older connection answered the SYN.
    case challengeAck = "challenge-ack"
    /// A reset that ended that older connection.
    case challengeAnswered = "challenge-answered"
    /// A SYN-ACK came with another initial sequence number.
    case otherNumber = "other-initial-number"
    /// A segment of an earlier connection between the same ends.
    case oldDuplicate = "old-duplicate"
    /// A reset that was not acceptable.
    case resetIgnored = "reset-ignored"
    /// A reset that is to be asked back for.
    case resetChallenged = "reset-challenged"
    /// A segment with a wrong checksum.
    case corrupt = "wrong-checksum"
    /// A frame that was captured twice.
    case duplicate = "captured-twice"
    /// A frame that stands in the file before one that was captured earlier.
    case outOfOrder = "out-of-order"
    /// A header that the capture cut: flags and numbers are guesses.
    case headerCut = "header-cut"
    /// An end sent its SYN-ACK again although it had been acknowledged.
    case synAckAgain = "syn-ack-after-its-ack"
  }
}

/// An ICMP error that quotes a segment of a flow.
public struct ICMPNotice: Hashable, Sendable {
  /// The frame's number in the file, from 1.
  public var frame: Int
  /// Since the SYN that it quotes; nil when that was not captured.
  public var delay: Nanoseconds?
  /// The frame of the SYN that it quotes; nil when that was not captured.
  public var synFrame: Int?
  /// Who sent the error.
  public var reporter: IPAddress
  /// The error in the words of its RFC.
  public var text: String
}
