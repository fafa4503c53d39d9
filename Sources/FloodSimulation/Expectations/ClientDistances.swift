public import Determinism
public import Handshake

/// How far away a scenario's clients are, and how often each has time to try.
///
/// The hosts are those that the scenario's seed deals out, so that a closed form is averaged over the
/// very round trips that are simulated.
struct ClientDistances: Sendable {
  /// A part of the hosts, all at the same distance.
  struct Distance: Sendable {
    /// From the SYN's arrival at the listener to that of the ACK, in seconds.
    var roundTrip: Double
    /// How many SYNs, each sent because the last was not answered, leave time for the stamp.
    var synTries: Int
    /// How many attempts, each begun because the last was reset, leave time for it.
    var resetTries: Int
    /// The share of the hosts.
    var weight: Double
  }

  /// All parts; their weights add up to 1.
  let all: [Distance]

  /// At most this many: of more hosts, sorted by distance, one stands for its neighbours.
  private static let most = 1_000

  init(of scenario: FloodScenario) {
    let clients = scenario.clients
    let sorted = clients.drawnRoundTrips(seed: scenario.seed).sorted()
    var parts: [(roundTrip: Nanoseconds, hosts: Int)] = []
    let stride = (sorted.count + Self.most - 1) / Self.most
    for start in Swift.stride(from: 0, to: sorted.count, by: stride) {
      let end = min(start + stride, sorted.count)
      let middle = sorted[(start + end) / 2]
      if parts.last?.roundTrip == middle {
        parts[parts.count - 1].hosts += end - start
      } else {
        parts.append((middle, end - start))
      }
    }
    let offsets = clients.synSchedule.offsets
    all = parts.map { part in
      let roundTrip = part.roundTrip + scenario.link.delay * 2
      // SYN, SYN-ACK, ACK and stamp take two round trips.
      let spare = clients.patience - roundTrip * 2
      let untilRestart = roundTrip * 2 + FloodRun.restartPause
      let tries = spare < .zero ? 0 : Int(spare.count / max(1, untilRestart.count)) + 1
      return Distance(
        roundTrip: roundTrip.seconds, synTries: offsets.count { $0 <= spare },
        resetTries: clients.startsAgainAfterReset ? tries : min(tries, 1),
        weight: Double(part.hosts) / Double(sorted.count))
    }
  }

  /// The mean of something over all hosts.
  func mean(of figure: (Distance) -> Double) -> Double {
    all.reduce(0) { $0 + figure($1) * $1.weight }
  }
}

extension RetransmissionSchedule {
  /// When the segment is sent, counted from the first time.
  public var offsets: [Nanoseconds] {
    var sum = Nanoseconds.zero
    return [.zero]
      + (0..<retries).map {
        sum = sum + timeout(after: $0)
        return sum
      }
  }
}

/// How long a pool's unanswered entries live.
struct EntryLives: Sendable {
  /// H, in seconds: the mean.
  let mean: Double
  /// The lives that there are, in seconds, with their shares; nil for those without memory.
  let lengths: [(seconds: Double, share: Double)]?

  init(of listener: ListenerSettings) {
    mean = listener.effectiveLifetime.seconds
    lengths =
      switch listener.lifetimeLaw {
      case .constant: [(mean, 1)]
      case .exponential: nil
      case .twoPoint: [(mean / 2, 0.9), (mean * 5.5, 0.1)]
      }
  }

  /// The share of entries that live longer than `seconds`, if nothing else ends them.
  func survival(for seconds: Double) -> Double {
    guard let lengths else { return ElementaryFunctions.exponential(-seconds / mean) }
    return lengths.reduce(0) { $0 + ($1.seconds > seconds ? $1.share : 0) }
  }

  /// The mean life of entries that something ends after `seconds` at the latest.
  func mean(limitedTo seconds: Double) -> Double {
    guard let lengths else {
      return -mean * ElementaryFunctions.exponentialMinusOne(-seconds / mean)
    }
    return lengths.reduce(0) { $0 + min($1.seconds, seconds) * $1.share }
  }

  /// Those who come at `rate`, for ``RandomDrop``.
  func flows(rate: Double) -> [RandomDrop.Flow] {
    (lengths ?? [(mean, 1)]).map { RandomDrop.Flow(rate: rate * $0.share, life: $0.seconds) }
  }
}
