import Determinism
import Wire

/// One value of a listener's record: its name, what it means, and how to get it.
///
/// All formats but text, and the JSON Schema, are made from ``all``.
struct ListenerColumn: Sendable {
  let name: String
  let kind: Kind
  /// One clause, of letters that need no escape in JSON.
  let meaning: String
  let value: @Sendable (ListenerRecord) -> Value

  /// What a column holds.
  enum Kind: Sendable {
    case text
    case integer
    case number
    case flag
    case texts
  }

  /// A value; nil where nothing is known.
  enum Value: Sendable {
    case text(String?)
    case integer(Int64?)
    case number(Double?)
    case flag(Bool)
    case texts([String])
  }

  private static func text(
    _ name: String, _ meaning: String, _ value: @escaping @Sendable (ListenerRecord) -> String?
  ) -> Self {
    Self(name: name, kind: .text, meaning: meaning) { .text(value($0)) }
  }

  private static func integer(
    _ name: String, _ meaning: String, _ value: @escaping @Sendable (ListenerRecord) -> Int?
  ) -> Self {
    Self(name: name, kind: .integer, meaning: meaning) { .integer(value($0).map(Int64.init)) }
  }

  private static func number(
    _ name: String, _ meaning: String, _ value: @escaping @Sendable (ListenerRecord) -> Double?
  ) -> Self {
    Self(name: name, kind: .number, meaning: meaning) { .number(value($0)) }
  }

  /// The columns in the order in which they stand.
  static let all: [Self] = name + attempts + pool + signs

  private static let name: [Self] = [
    text("address", "address that was asked; others for those there was no room for") {
      $0.endpoint?.address.description ?? "others"
    },
    integer("port", "port that was asked; null for others") { $0.endpoint.map { Int($0.port) } },
  ]

  private static let attempts: [Self] = [
    integer("syns", "connection attempts: SYNs, those sent again left out") { $0.tally.syns },
    integer("syns_again", "SYNs that were sent again") { $0.tally.synsAgain },
    integer("answered", "attempts that got a SYN-ACK; the next five add up to it") {
      $0.tally.answered
    },
    integer("established", "of these: completed") { $0.tally.established },
    integer("never_acknowledged", "of these: nothing came back by the end of the capture") {
      $0.tally.neverAcknowledged
    },
    integer("acknowledged_in_vain", "of these: the server did not take the ACK") {
      $0.tally.acknowledgedInVain
    },
    integer("reset_by_client", "of these: the client reset it") { $0.tally.resetByClient },
    integer("reset_by_server", "of these: the server reset it") { $0.tally.resetByServer },
    integer("refused_by_host", "attempts that a reset answered") { $0.tally.refusedByHost },
    integer("refused_by_icmp", "attempts that an ICMP error answered") { $0.tally.refusedByICMP },
    integer("ignored", "attempts that nothing answered for 1 s or longer") { $0.tally.ignored },
    integer("undecided", "attempts that nothing answered before the capture ended") {
      $0.tally.undecided
    },
    integer("unclear", "attempts of which the capture shows too little") { $0.tally.unclear },
    integer("syn_acks_again", "SYN-ACKs that were sent again") { $0.tally.synAcksAgain },
    integer("syn_acks_without_syn", "connections whose SYN is not in the capture; no attempts") {
      $0.tally.withoutSyn
    },
    integer("syn_acks_without_syn_acknowledged", "of these: the client went on to acknowledge") {
      $0.tally.withoutSynAcknowledged
    },
  ]

  private static let pool: [Self] = [
    integer("half_open_now", "at most so many half-open when the capture ends") {
      $0.halfOpenNow
    },
    integer("half_open_peak", "at most so many half-open at any time") { $0.halfOpenPeak },
    Self(
      name: "half_open_peak_time_ns", kind: .integer,
      meaning: "when there were so many first, since 1970"
    ) { .integer($0.halfOpenPeakTime?.nanoseconds) },
    integer("half_open_peak_frame", "the frame that made them so many") { $0.halfOpenPeakFrame },
  ]

  private static let signs: [Self] = [
    text("flood", "what the SYNs are: a FloodSign verdict") { $0.signs?.flood.verdict.rawValue },
    integer("sources", "different addresses that sent SYNs, within 6.5 %") {
      $0.signs?.flood.distinctSources
    },
    integer("syns_peak_per_s", "SYNs in the fullest second") { $0.signs?.flood.syns.peak },
    text("accept_queue", "whether the accept queue is full: an AcceptQueueSign verdict") {
      $0.signs?.acceptQueue.verdict.rawValue
    },
    number("accept_queue_error_probability", "that all its silence is loss; null without sign") {
      $0.signs.flatMap {
        $0.acceptQueue.ignoredOfAnswered > 0 ? $0.acceptQueue.errorProbability : nil
      }
    },
    text("cookies", "whether SYN cookies are sent: sending, not-sending, cannot-tell") {
      $0.signs?.cookies.verdict.word
    },
    text("cookie_scheme", "whose cookies are sent; null without") {
      $0.signs?.cookies.verdict.scheme?.rawValue
    },
    number("cookie_error_probability", "that the verdict is wrong; null without verdict") {
      $0.signs.flatMap { $0.cookies.verdict == .cannotTell ? nil : $0.cookies.errorProbability }
    },
    number("cookie_probability", "that cookies are sent, where that cannot be told") {
      $0.signs.flatMap { $0.cookies.verdict == .cannotTell ? $0.cookies.errorProbability : nil }
    },
    Self(
      name: "cookie_evidence", kind: .texts, meaning: "what was seen, one clause a kind"
    ) { .texts($0.signs?.cookies.clues.map(\.description) ?? []) },
    text("without_syn", "what its SYN-ACKs without SYN are: a ReflectionSign verdict") {
      $0.signs.flatMap {
        $0.withoutSyn.synAcks.count > 0 ? $0.withoutSyn.verdict.rawValue : nil
      }
    },
    integer("timestamp_hz", "ticks a second of its timestamps; null when not known") {
      $0.signs?.clockHertz
    },
    text("checksums", "what its own checksums are: a SenderChecksums verdict") {
      $0.signs?.checksums.verdict.rawValue
    },
    Self(
      name: "one_direction", kind: .flag,
      meaning: "whether the capture seems to lack what the listener sent"
    ) { .flag($0.isOneDirection) },
  ]
}

extension CookieSign {
  /// The verdict in one word.
  var word: String {
    switch self {
    case .sending: "sending"
    case .notSending: "not-sending"
    case .cannotTell: "cannot-tell"
    }
  }

  /// The scheme that is sent; nil for none.
  var scheme: SentCookies? {
    switch self {
    case .sending(let scheme): scheme
    case .notSending, .cannotTell: nil
    }
  }
}
