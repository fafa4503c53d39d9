import Determinism
import LinuxPacketIO

/// What the counters of this host's listeners do while a capture runs.
///
/// They are the namespace's, of all its listeners together; so they are told only when one that the
/// capture may be about is here.
struct ListenerNews {
  /// They are looked at no more often than this.
  static let pause = Nanoseconds.seconds(1)

  private let isRelevant: () -> Bool
  private let read: () -> KernelCounters?
  private let first: KernelCounters?
  private var latest: KernelCounters?
  private var due: Instant
  /// Whether a listener was ever here when something changed.
  private var wasRelevant = false

  /// Starts to watch.
  ///
  /// - Parameters:
  ///   - ports: The ports that the capture is about; all when empty.
  ///   - now: The time now.
  init(about ports: [UInt16], at now: Instant) {
    self.init(
      at: now,
      isRelevant: {
        let here = LocalListeners.ports()
        return ports.isEmpty ? !here.isEmpty : ports.contains { here.contains($0) }
      }, read: KernelCounters.now)
  }

  /// Starts to watch counters of any origin.
  init(
    at now: Instant, isRelevant: @escaping () -> Bool, read: @escaping () -> KernelCounters?
  ) {
    self.isRelevant = isRelevant
    self.read = read
    first = read()
    latest = first
    due = now + Self.pause
  }

  /// What has changed since this was last told; nil when nothing has, or it is too early.
  mutating func news(at now: Instant) -> String? {
    guard now >= due else { return nil }
    due = now + Self.pause
    guard let latest, let current = read() else { return nil }
    self.latest = current
    let changes = current.since(latest)
    guard !changes.isEmpty, isRelevant() else { return nil }
    wasRelevant = true
    return Self.text(changes)
  }

  /// What has changed since the beginning; nil when nothing has.
  func total() -> String? {
    guard let first, let current = read() else { return nil }
    let changes = current.since(first)
    return !changes.isEmpty && (wasRelevant || isRelevant()) ? Self.text(changes) : nil
  }

  private static func text(_ changes: [KernelCounters.Value]) -> String {
    changes.map { "\($0.name) +\($0.count)" }.joined(separator: ", ")
  }
}
