public import Determinism
public import Wire

/// What a listener remembers of a SYN it has answered and whose ACK it waits for.
public struct HalfOpenEntry: Hashable, Sendable {
  /// The connection-to-be.
  public let tuple: FourTuple
  /// IRS: the peer's initial sequence number.
  public let initialReceiveSequence: SequenceNumber
  /// ISS: this end's initial sequence number.
  public let initialSendSequence: SequenceNumber
  /// What the SYN's options led to.
  public let agreement: OptionAgreement
  /// When the SYN was admitted.
  public let admittedAt: Instant
  /// When it was last challenged, where challenges are paced; nil for never.
  var challengedAt: Instant?
  let digest: UInt64

  /// The only number that an ACK may acknowledge: ISS + 1.
  public var expectedAcknowledgment: SequenceNumber { initialSendSequence + 1 }

  /// RCV.NXT: IRS + 1.
  public var receiveNext: SequenceNumber { initialReceiveSequence + 1 }
}
