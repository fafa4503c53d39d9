import Determinism
import Wire

/// What is known of every listener that was asked for a connection, told segment by segment in the
/// file's order.
///
/// A listener is an address and a port that a SYN came to, or a SYN-ACK from. At most so many are
/// kept apart; room for another is made by closing the books of the one that was heard of least
/// recently, whose counts go to the others'.
public struct ListenerTable: Sendable {
  private var index = FlowIndex()
  private var books: [ListenerBooks] = []
  private var recency = RecencyOrder()
  private var latestPlace = 0
  private var others = OtherListeners()
  private var reflection = ReflectionSign()
  private var clients = ChecksumCensus()
  /// What the ends of connections told whose names were used again a moment ago.
  private var calls: [(flow: Int, numbers: CalledNumbers)] = []
  private var start: Instant?
  private var latest: Instant?
  private let limit: Int
  private let secret: UInt64

  /// How many listeners are kept apart when nobody says otherwise.
  public static let defaultLimit = 10_000

  private static let mostCalls = 64

  /// Creates a table of no listener yet.
  ///
  /// - Parameters:
  ///   - limit: The most listeners to keep apart, at least 1.
  ///   - secret: What keeps strangers from choosing names that all fall on one place of the table;
  ///     no result depends on it.
  public init(limit: Int = Self.defaultLimit, secret: UInt64 = 0) {
    self.limit = max(1, limit)
    self.secret = secret
  }

  /// Takes in a plain SYN that begins a flow of its own.
  mutating func noteSyn(_ segment: ObservedSegment) {
    noteTime(of: segment)
    clients.note(segment.checksum, from: segment.source.address)
    books[openedPlace(of: segment.destination, segment)].noteSyn(segment)
  }

  /// Takes in any other segment.
  mutating func note(_ step: ListenerStep, of segment: ObservedSegment) {
    noteTime(of: segment)
    let isFromClient = step.sender == .client
    if isFromClient { clients.note(segment.checksum, from: segment.source.address) }
    let server = isFromClient ? segment.destination : segment.source
    let isFirst = isFromClient && step.role == .syn
    guard
      let place = isFirst || step.isWithoutSyn
        ? openedPlace(of: server, segment) : place(of: server)
    else {
      if !isFromClient { others.noteServer(segment) }
      return
    }
    // Of a flow from before its listener was forgotten only the end is told.
    guard step.firstFrame >= books[place].firstFrame || isFirst else { return }
    books[place].note(step, of: segment, after: step.isAnswer ? call(before: step.flow) : nil)
  }

  /// Takes in that the flow of this number has the name of another, whose ends told `numbers`.
  mutating func noteNameUsedAgain(by flow: Int, after numbers: CalledNumbers) {
    if calls.count >= Self.mostCalls { calls.removeFirst(Self.mostCalls / 2) }
    calls.append((flow, numbers))
  }

  /// Takes in what became of a flow, when it is over or has to be forgotten.
  mutating func noteEnd(of flow: AnnotatedFlow) {
    let end = latest ?? .zero
    if flow.basis == .synAck { reflection.note(flow) }
    if let place = find(flow.server), flow.firstFrame >= books[place].firstFrame {
      books[place].noteEnd(of: flow, at: end)
    } else {
      others.noteEnd(of: flow, at: end)
    }
  }

  /// Takes in that nothing came of a flow of one SYN, when the capture is over.
  mutating func noteEnd(of syn: LoneSyn) {
    let end = latest ?? .zero
    if let place = find(syn.server), syn.frame >= books[place].firstFrame {
      books[place].noteEnd(of: syn, at: end)
    } else {
      others.noteEnd(of: syn, at: end)
    }
  }

  /// What is known by now, when every flow has been told.
  func report() -> ListenerReport {
    let end = latest ?? .zero
    let rest = others.records()
    return ListenerReport(
      listeners: books.map { $0.record(at: end) }.sorted { $0.precedes($1) },
      others: rest.record, forgotten: others.count, withoutSyn: reflection,
      checksums: Self.senders(
        books.map(\.checksums) + clients.senders, others: [rest.checksums, clients.others]),
      start: start)
  }

  private mutating func noteTime(of segment: ObservedSegment) {
    guard segment.isTimed else { return }
    if start == nil { start = segment.time }
    latest = max(latest ?? segment.time, segment.time)
  }

  private mutating func call(before flow: Int) -> CalledNumbers? {
    guard !calls.isEmpty, let place = calls.firstIndex(where: { $0.flow == flow }) else {
      return nil
    }
    return calls.remove(at: place).numbers
  }
}

extension ListenerTable {
  /// The place of a listener's books, which are opened with `segment` if there are none.
  private mutating func openedPlace(of server: Endpoint, _ segment: ObservedSegment) -> Int {
    if let known = place(of: server) { return known }
    let opened = ListenerBooks(server, firstFrame: UInt32(clamping: segment.frame))
    var place = books.count
    if books.count < limit {
      books.append(opened)
      recency.append()
    } else {
      place = recency.leastRecent ?? 0
      others.take(books[place])
      index.remove(hash(of: books[place].endpoint), place: place)
      books[place] = opened
      recency.use(place)
    }
    index.insert(hash(of: server), place: place)
    latestPlace = place
    return place
  }

  /// The place of a listener's books, which are used now; nil when there are none.
  @inline(__always)
  private mutating func place(of server: Endpoint) -> Int? {
    if latestPlace < books.count, books[latestPlace].endpoint == server { return latestPlace }
    guard let place = find(server) else { return nil }
    recency.use(place)
    latestPlace = place
    return place
  }

  private func find(_ server: Endpoint) -> Int? {
    if latestPlace < books.count, books[latestPlace].endpoint == server { return latestPlace }
    return index.place(hash(of: server)) { books[$0].endpoint == server }
  }

  private func hash(of server: Endpoint) -> UInt32 {
    FlowKey(low: server, high: server).hash(secret)
  }

  /// Every sender with what its checksums were, what is told of one address twice put together.
  private static func senders(
    _ tallies: [SenderChecksums], others: [SenderChecksums]
  ) -> [SenderChecksums] {
    var senders: [SenderChecksums] = []
    var places: [IPAddress: Int] = [:]
    for tally in tallies where tally.count > 0 {
      guard let address = tally.address else { continue }
      if let place = places[address] {
        senders[place] += tally
      } else {
        places[address] = senders.count
        senders.append(tally)
      }
    }
    let rest = others.reduce(into: SenderChecksums(address: nil)) { $0 += $1 }
    return rest.count > 0 ? senders + [rest] : senders
  }
}

extension ReflectionSign {
  /// Takes in a flow whose SYN was not captured.
  mutating func note(_ flow: AnnotatedFlow) {
    note(from: flow.server, to: flow.client, at: flow.firstTime)
    if flow.isAcknowledgedByClient { noteAcknowledged() }
  }
}

extension AnnotatedFlow {
  /// Whether the client went on to acknowledge anything.
  var isAcknowledgedByClient: Bool { tracker.client.acknowledged != nil }
}
