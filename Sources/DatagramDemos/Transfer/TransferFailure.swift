public import Determinism

/// Why a file did not get across.
public enum TransferFailure: Error, Hashable, Sendable {
  /// The host says that nothing listens on that port.
  case nobodyListens
  /// Nothing answered for so long.
  case noAnswer(Nanoseconds)
  /// In the middle of it, nothing came for so long.
  case silence(Nanoseconds)
  /// In the middle of it, the other end stopped listening.
  case receiverGone
  /// Every piece was acknowledged, and then nobody said that the file is sound.
  case unconfirmed
  /// The other end gave up, and said why.
  case refused(String)
  /// The file that arrived is not the one that was sent.
  case digestDiffers
  /// The file cannot be read or written.
  case file(String)
  /// The receiver's folder has a file of that name.
  case nameTaken(String)
  /// The sender's name for the file is none that a file here may have.
  case badName
  /// A datagram of that length does not fit a path of this host.
  case tooLong(Int)
  /// Whoever started it stopped it.
  case stopped
  /// A socket failed.
  case socket(DatagramFailure)
}

extension TransferFailure: CustomStringConvertible {
  /// A clause that says what happened.
  public var description: String {
    switch self {
    case .nobodyListens: "nobody listens there"
    case .noAnswer(let length): "nobody answered for \(Self.text(length))"
    case .silence(let length): "nothing came from the other end for \(Self.text(length))"
    case .receiverGone: "the receiver has stopped listening"
    case .unconfirmed:
      "every piece was acknowledged, but the receiver never said that the file is sound"
    case .refused(let reason): "the other end gave up: \(reason)"
    case .digestDiffers: "the file that arrived is not the one that was sent"
    case .file(let reason): reason
    case .nameTaken(let name): "there is a file called \(name) already"
    case .badName: "the file's name cannot be used here"
    case .tooLong(let octets): "a datagram of \(octets) octets is too long to be sent"
    case .stopped: "it was stopped"
    case .socket(let failure): "\(failure)"
    }
  }

  private static func text(_ length: Nanoseconds) -> String {
    length.count % 1_000_000_000 == 0
      ? "\(length.count / 1_000_000_000) s" : "\(length.count / 1_000_000) ms"
  }
}
