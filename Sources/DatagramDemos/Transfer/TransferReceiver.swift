import Determinism
import FlowControl

/// The receiving end of a file's transfer: one file, from one sender.
///
/// A value without a socket, a file or a clock, like ``TransferSender``.
struct TransferReceiver: Sendable {
  enum Stage: Hashable, Sendable {
    /// Nobody has offered a file.
    case waiting
    case receiving(session: UInt64, FileOffer)
    /// The file is in its place; a sender that has not heard so may ask again.
    case lingering(session: UInt64)
    case done
    case failed(TransferFailure)
  }

  /// What the driver has to do.
  enum Step: Hashable, Sendable {
    /// Say something.
    case answer(TransferMessage, session: UInt64)
    /// Make room for this file, and then call ``accept(_:session:at:)`` or ``refuse(_:)``.
    case begin(FileOffer, session: UInt64)
    /// Write a piece where it belongs; below `next` all are there.
    case write(number: Int, octets: [UInt8], next: Int)
    /// Compare the whole file's hash, put it in its place, and then call ``conclude(_:at:)``.
    case conclude(digest: [UInt8])
  }

  private(set) var stage = Stage.waiting
  private var flow = FlowReceiver(buffer: 0)
  private let patience: Nanoseconds
  private var lastHeard = Instant.zero

  /// How long to answer a sender that asks again, after the last time that one did.
  static let linger = Nanoseconds.milliseconds(1_500)
  /// The furthest that pieces may come ahead.
  static let mostReach: UInt32 = 1 << 20

  /// Creates a receiver that gives a sender up after a silence of `patience`.
  init(patience: Nanoseconds) {
    self.patience = patience
  }

  /// What it has done so far.
  var counters: ReceiverCounters { flow.counters }

  /// The number below which all pieces have arrived.
  var next: Int { flow.next }

  /// Takes in what a sender says.
  mutating func receive(
    _ message: TransferMessage, session: UInt64, at now: Instant, into steps: inout [Step]
  ) {
    switch (stage, message) {
    case (.waiting, .open(let offer)):
      if let reason = Self.fault(of: offer) {
        steps.append(.answer(.refused(reason), session: session))
      } else {
        steps.append(.begin(offer, session: session))
      }
    case (.receiving(let own, _), .open), (.lingering(let own), .open):
      steps.append(
        .answer(
          own == session ? .opened : .refused("it is busy with another file"), session: session))
      if own == session { lastHeard = now }
    case (.receiving(session, let offer), .piece(let number, let serial, let octets)):
      lastHeard = now
      take((number, serial), octets, of: offer, session, at: now, into: &steps)
    case (.receiving(session, let offer), .finish(let digest)):
      lastHeard = now
      // Only after the last piece; a finish that overtook it comes again.
      guard UInt64(flow.next) == offer.pieces else { return }
      steps.append(.conclude(digest: digest))
    case (.lingering(session), .finish):
      lastHeard = now
      steps.append(.answer(.finished, session: session))
    case (.lingering(session), .piece):
      lastHeard = now
    case (.lingering(session), .close): stage = .done
    case (.receiving(session, _), .refused(let reason)): stage = .failed(.refused(reason))
    case (_, _): break
    }
  }

  private mutating func take(
    _ place: (number: UInt32, serial: UInt32), _ octets: [UInt8], of offer: FileOffer,
    _ session: UInt64,
    at now: Instant, into steps: inout [Step]
  ) {
    let number = Int(place.number)
    guard UInt64(number) < offer.pieces, octets.count == offer.length(of: UInt64(number)) else {
      return
    }
    var acknowledgments: [Acknowledgment] = []
    switch flow.receive(
      number, serial: Int(place.serial), at: now, into: &acknowledgments)
    {
    case .released(let below):
      steps.append(.write(number: number, octets: octets, next: below))
    case .kept: steps.append(.write(number: number, octets: octets, next: flow.next))
    case .duplicate, .notKept: break
    }
    for acknowledgment in acknowledgments {
      let message = TransferMessage.acknowledgment(
        next: UInt32(clamping: acknowledgment.next),
        latest: UInt32(clamping: acknowledgment.latest),
        serial: UInt32(clamping: acknowledgment.serial))
      steps.append(.answer(message, session: session))
    }
  }

  private static func fault(of offer: FileOffer) -> String? {
    if offer.pieceOctets == 0 { return "pieces without octets make no file" }
    if offer.pieces > UInt64(UInt32.max) { return "the file has more pieces than can be counted" }
    if offer.reach > mostReach { return "it cannot keep so many pieces ahead" }
    return nil
  }

  /// There is room for the file.
  mutating func accept(_ offer: FileOffer, session: UInt64, at now: Instant) -> Step {
    stage = .receiving(session: session, offer)
    flow = FlowReceiver(buffer: Int(offer.reach))
    lastHeard = now
    return .answer(.opened, session: session)
  }

  /// The file is in its place, or why it is not.
  mutating func conclude(_ failure: TransferFailure?, at now: Instant) -> Step? {
    guard case .receiving(let session, _) = stage else { return nil }
    lastHeard = now
    if let failure {
      stage = .failed(failure)
      return .answer(.refused("\(failure)"), session: session)
    }
    stage = .lingering(session: session)
    return .answer(.finished, session: session)
  }

  /// Does what is due by `now`.
  mutating func advance(to now: Instant) {
    guard let due = nextDeadline, due <= now else { return }
    switch stage {
    case .receiving: stage = .failed(.silence(patience))
    case .lingering: stage = .done
    case .waiting, .done, .failed: break
    }
  }

  /// When ``advance(to:)`` has something to do though nothing has come; nil when never.
  var nextDeadline: Instant? {
    switch stage {
    case .receiving: lastHeard + patience
    case .lingering: lastHeard + Self.linger
    case .waiting, .done, .failed: nil
    }
  }
}
