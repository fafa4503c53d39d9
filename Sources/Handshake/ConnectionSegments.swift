import Determinism
import Wire

/// The segments that a connection sends.
extension Connection {
  func synSegment(at now: Instant) -> Segment {
    Segment(
      from: tuple.local, to: tuple.peer, .syn, sequence: initialSendSequence,
      window: settings.synWindow,
      options: TCPOptions(
        maximumSegmentSize: settings.maximumSegmentSize, windowScale: settings.windowScale,
        sackPermitted: settings.offersSack,
        timestamps: settings.offersTimestamps
          ? TCPTimestamps(value: clock(at: now), echoReply: 0) : nil))
  }

  /// The SYN-ACK of a simultaneous open.
  func synAckSegment(at now: Instant) -> Segment {
    Segment(
      from: tuple.local, to: tuple.peer, [.syn, .ack], sequence: initialSendSequence,
      acknowledgment: receiveNext, window: settings.synWindow,
      options: agreement.answer(settings: settings, clock: clock(at: now)))
  }

  func acknowledgment(at now: Instant) -> Segment {
    segment(.ack, sequence: sendNext, at: now)
  }

  func segment(
    _ flags: TCPFlags, sequence: SequenceNumber, payload: [UInt8] = [], at now: Instant
  ) -> Segment {
    Segment(
      from: tuple.local, to: tuple.peer, flags, sequence: sequence, acknowledgment: receiveNext,
      window: announcedWindow,
      options: TCPOptions(
        timestamps: agreement.timestampToEcho.map {
          TCPTimestamps(value: clock(at: now), echoReply: $0)
        }), payload: payload)
  }

  /// RCV.WND: what the peer may send beyond RCV.NXT, in octets as it reads ``announcedWindow``.
  var receiveWindow: UInt32 { UInt32(announcedWindow) << receiveShift }

  /// SEG.WND of whatever is sent after the SYNs: what the data that nobody has taken leaves free.
  private var announcedWindow: UInt16 {
    let free = Int(settings.receiveWindow) - received.count
    return UInt16(clamping: max(free, 0) >> Int(receiveShift))
  }

  private var receiveShift: UInt32 { UInt32(agreement.receiveShift ?? 0) }

  private func clock(at now: Instant) -> UInt32 {
    SequenceNumberSource.milliseconds(at: now) &+ timestampOffset
  }
}

extension StackSettings {
  /// The window of a SYN or SYN-ACK, which is never scaled (RFC 7323 §2.2).
  var synWindow: UInt16 { UInt16(clamping: receiveWindow) }
}
