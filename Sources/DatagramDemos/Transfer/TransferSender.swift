import Determinism
import FlowControl

/// The sending end of a file's transfer: opens it, sends pieces as flow control allows, and ends it.
///
/// A value without a socket, a file or a clock: a driver brings messages and the time, and asks what
/// to send.
struct TransferSender: Sendable {
  enum Stage: Hashable, Sendable {
    case opening
    case sending
    case finishing
    case done
    case failed(TransferFailure)
  }

  /// What is to be sent; the driver fills in what only it knows.
  enum Step: Hashable, Sendable {
    case open
    case piece(number: Int, serial: Int)
    case finish
    case close
  }

  let offer: FileOffer
  private(set) var stage = Stage.opening
  private var flow: any FlowSender
  private let patience: Nanoseconds
  private var lastHeard: Instant
  /// When to open or to finish again.
  private var again: Instant
  private var interval = Self.firstInterval
  private var mustClose = false

  /// How long to wait for an answer to the first open, and to each finish.
  static let firstInterval = Nanoseconds.milliseconds(200)
  /// The longest between two tries to open.
  static let longestInterval = Nanoseconds.seconds(2)

  /// Begins a transfer at `now`, which is given up after a silence of `patience`.
  init(_ offer: FileOffer, control: SendingControl, patience: Nanoseconds, at now: Instant) {
    self.offer = offer
    self.patience = patience
    flow = control.sender()
    flow.offer(Int(clamping: offer.pieces))
    lastHeard = now
    again = now
  }

  /// What flow control has done so far.
  var counters: SenderCounters { flow.counters }

  /// How many octets are known to have arrived.
  var acknowledgedOctets: UInt64 {
    min(offer.size, UInt64(flow.acknowledged) * UInt64(offer.pieceOctets))
  }

  /// Takes in what the receiver says.
  mutating func receive(_ message: TransferMessage, at now: Instant) {
    lastHeard = now
    switch (stage, message) {
    case (.opening, .opened):
      stage = offer.pieces == 0 ? .finishing : .sending
      again = now
    case (.sending, .acknowledgment(let next, let latest, let serial)):
      flow.receive(
        Acknowledgment(next: Int(next), latest: Int(latest), serial: Int(serial)), at: now)
      guard UInt64(flow.acknowledged) == offer.pieces else { return }
      stage = .finishing
      again = now
    case (.finishing, .finished):
      stage = .done
      mustClose = true
    case (.opening, .refused(let reason)), (.sending, .refused(let reason)),
      (.finishing, .refused(let reason)):
      stage = .failed(.refused(reason))
    case (_, _): break
    }
  }

  /// Notes that the system says that nobody listens there.
  mutating func hearRefusal() {
    switch stage {
    case .opening: stage = .failed(.nobodyListens)
    case .sending: stage = .failed(.receiverGone)
    case .finishing: stage = .failed(.unconfirmed)
    case .done, .failed: break
    }
  }

  /// Takes the next thing to be sent; nil when there is none now.
  mutating func next(at now: Instant) -> Step? {
    switch stage {
    case .opening:
      guard again <= now else { return nil }
      again = now + interval
      interval = min(interval * 2, Self.longestInterval)
      return .open
    case .sending:
      return flow.nextPacket(at: now).map {
        .piece(number: $0.number, serial: $0.serial)
      }
    case .finishing:
      guard again <= now else { return nil }
      again = now + Self.firstInterval
      return .finish
    case .done:
      guard mustClose else { return nil }
      mustClose = false
      return .close
    case .failed: return nil
    }
  }

  /// Does what is due by `now`.
  mutating func advance(to now: Instant) {
    switch stage {
    case .opening, .sending, .finishing:
      if lastHeard + patience <= now {
        stage = .failed(failureOfSilence)
      } else if stage == .sending {
        flow.advance(to: now)
      }
    case .done, .failed: break
    }
  }

  private var failureOfSilence: TransferFailure {
    switch stage {
    case .opening: .noAnswer(patience)
    case .finishing: .unconfirmed
    case .sending, .done, .failed: .silence(patience)
    }
  }

  /// When ``advance(to:)`` or ``next(at:)`` may have something to do though nothing has come; nil
  /// when it is over.
  var nextDeadline: Instant? {
    switch stage {
    case .opening, .finishing: min(again, lastHeard + patience)
    case .sending: min(flow.nextDeadline ?? .distantFuture, lastHeard + patience)
    case .done, .failed: nil
    }
  }
}
