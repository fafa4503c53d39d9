import Determinism
import SynCookies
import Wire

/// What one look at a listener's answers can show, as far as cookies are concerned.
///
/// Evidence is kept as a count of each, so that a listener takes the same few octets after a million
/// SYNs as after one.
enum CookieObservation: Int, CaseIterable, Sendable {
  /// The SYN-ACK's timestamp ran ahead of the clock by more than 1.5 ms.
  case lagNegative
  /// The timestamp agrees with the clock within 1.5 ms.
  case lagNone
  /// The timestamp lies 1.5 to 4 ms behind.
  case lagShort
  /// The timestamp lies 4 to 16 ms behind.
  case lagTo16
  /// The timestamp lies 16 to 32 ms behind.
  case lagTo32
  /// The timestamp lies 32 to 48 ms behind.
  case lagTo48
  /// The timestamp lies 48 to 64.5 ms behind.
  case lagTo64
  /// The timestamp lies further behind than six bits reach.
  case lagBeyond
  /// The six low bits of TSval are the options.
  case bitsMatch
  /// The six low bits of TSval are not the options.
  case bitsDiffer
  /// A SYN without timestamps offered SACK or a scale, and only an MSS came back.
  case optionsLost
  /// A SYN without timestamps got SACK or a scale.
  case optionsKept
  /// A SYN with timestamps offered SACK or a scale, and got neither.
  case optionsLostWithTimestamps
  /// A SYN with timestamps got SACK or a scale.
  case optionsKeptWithTimestamps
  /// The low octet reads as FreeBSD's, and not as pf's.
  case octetFreeBSD
  /// The low octet reads as pf's, and not as FreeBSD's.
  case octetPf
  /// The low octet reads as neither's, which would differ.
  case octetNeither
  /// The low octet reads as both would write it.
  case octetBoth
  /// The low octet reads otherwise than both would write it.
  case octetOther
  /// An unanswered SYN-ACK was not sent again.
  case notRepeated
  /// An unanswered SYN-ACK was sent again.
  case repeated
  /// A second SYN of the same connection, numbered otherwise, moved the server's number as far.
  case numberMoved
  /// A second SYN of the same connection, numbered otherwise, got an unrelated number.
  case numberUnrelated
  /// A SYN that must have been forgotten got the same number again.
  case numberAgain
  /// A SYN that must have been forgotten got another number.
  case numberNew

  /// Where a lag belongs.
  init(_ lag: TimestampLag) {
    self =
      switch lag.length.count {
      case ..<(-1_500_000): .lagNegative
      case ...1_500_000: .lagNone
      case ..<4_000_000: .lagShort
      case ..<16_000_000: .lagTo16
      case ..<32_000_000: .lagTo32
      case ..<48_000_000: .lagTo48
      case ...64_500_000: .lagTo64
      default: .lagBeyond
      }
  }
}

extension AnsweredSyn {
  /// Whether the low six bits of the SYN-ACK's TSval are what Linux writes there; nil without one.
  var timestampBits: CookieObservation? {
    guard let serverTimestamp, offered.contains(.timestamps) else { return nil }
    let held = offered.intersection(granted)
    let bits = LinuxTimestampBits(
      windowScale: held.contains(.windowScale) ? windowScale : nil, sack: held.contains(.sack),
      ecn: held.contains(.ecn))
    return serverTimestamp & 63 == bits.bits ? .bitsMatch : .bitsDiffer
  }

  /// What became of SACK and scale; nil when neither was offered.
  var options: CookieObservation? {
    let wanted: Extras = [.windowScale, .sack]
    guard !offered.isDisjoint(with: wanted) else { return nil }
    let isGranted = !granted.isDisjoint(with: offered.intersection(wanted))
    return switch (offered.contains(.timestamps), isGranted) {
    case (false, false): .optionsLost
    case (false, true): .optionsKept
    case (true, false): .optionsLostWithTimestamps
    case (true, true): .optionsKeptWithTimestamps
    }
  }

  /// What the low octet of the SYN-ACK's number reads as once its first octet is taken off.
  var numberOctet: CookieObservation {
    let held = offered.intersection(granted)
    let seen = FlagByte(veiledIn: serverNumber.rawValue).byte >> 1
    let freeBSD = FlagByte(
      maximumSegmentSize: maximumSegmentSize,
      windowScale: held.contains(.windowScale) ? windowScale : nil, sack: held.contains(.sack),
      parity: 0)
    let pf = FlagByte(
      maximumSegmentSize: maximumSegmentSize, windowScale: windowScale, sack: false, parity: 0)
    return switch (seen == freeBSD.byte >> 1, seen == pf.byte >> 1, freeBSD == pf) {
    case (true, _, true): .octetBoth
    case (false, _, true): .octetOther
    case (true, _, false): .octetFreeBSD
    case (false, true, false): .octetPf
    case (false, false, false): .octetNeither
    }
  }
}
