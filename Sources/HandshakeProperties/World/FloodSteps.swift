import Determinism
import Handshake
import Wire

/// How a flooded listener's story is drawn.
extension Choices {
  /// Draws a listener with a small pool of any policy.
  mutating func floodedListener(
    mitigations: [Mitigation] = [.pool, .hybrid, .cookies]
  ) throws(CaseEnd) -> FloodedListener {
    let mitigation = try element(of: mitigations)
    var settings = ListenerSettings(
      mitigation: mitigation, backlog: try number(in: 0...4), acceptQueue: try number(in: 0...3))
    settings.admission = try element(of: [
      .dropNewest, .evictOldest, .evictAtRandom, .perSource(limit: 1), .perSource(limit: 2),
    ])
    settings.halfOpenLifetime =
      try chance(1, in: 2)
      ? .milliseconds(Int64(try number(in: 1...10_000))) : nil
    settings.stack.synAckSchedule = try doublingSchedule(retries: 3)
    settings.resetsOnOverflow = try chance(1, in: 3)
    settings.visitorCapacity = try number(in: 1...2)
    let local = Endpoint(try address(isVersion6: try chance(1, in: 4), host: 1...1), port: 8_086)
    note(
      "a listener with \(mitigation.rawValue), backlog \(settings.backlog), accept queue "
        + "\(settings.acceptQueue), \(settings.admission), an entry's life "
        + "\(settings.effectiveLifetime.seconds) s")
    return FloodedListener(at: local, settings: settings, secrets: try secrets())
  }

  /// Draws up to `limit` steps, takes them, and calls `check` after each.
  ///
  /// - Throws: What `check` throws.
  mutating func playFlood(
    _ flooded: inout FloodedListener, upTo limit: Int = 80,
    check: (FloodedListener) throws(CaseEnd) -> Void
  ) throws(CaseEnd) {
    var steps = 0
    while steps < limit, try chance(UInt64(limit), in: UInt64(limit) + 1) {
      steps += 1
      try floodStep(&flooded)
      try check(flooded)
    }
  }

  /// Draws one segment to the listener, or some time.
  private mutating func floodStep(_ flooded: inout FloodedListener) throws(CaseEnd) {
    let kind = try number(in: 0...12)
    switch kind {
    case 8:
      let accepted = flooded.accept()
      note(
        "\(EventText.time(flooded.now))  the application accepts \(accepted?.peer.description ?? "nothing")"
      )
    case 9, 10:
      flooded.pass(.milliseconds(Int64(try number(in: 1...4_000))))
      note(
        "\(EventText.time(flooded.now))  time has passed; half-open: \(flooded.listener.pool.count)"
      )
    case 11:
      let due = flooded.listener.nextDeadline ?? flooded.now
      flooded.pass(max(due - flooded.now, .zero))
      note(
        "\(EventText.time(flooded.now))  something was due; half-open: \(flooded.listener.pool.count)"
      )
    default:
      let segment = try floodSegment(kind, for: flooded)
      let verdict = flooded.receive(segment).verdict
      note(
        "\(EventText.time(flooded.now))  \(segment.source) sends \(EventText.segment(segment)): "
          + "\(EventText.verdict(verdict)); half-open: \(flooded.listener.pool.count)")
    }
  }

  /// Draws a SYN of a new attempt, or a segment of one that is half-open.
  private mutating func floodSegment(
    _ kind: Int, for flooded: FloodedListener
  ) throws(CaseEnd) -> Segment {
    let local = flooded.listener.local
    switch kind {
    case 3...6 where !flooded.entries.isEmpty:
      let entry = try element(of: flooded.entries)
      return kind == 6
        ? try segment(on: entry.tuple)
        : segment(kind == 3 ? .syn : kind == 4 ? .ack : .rst, for: entry)
    case 7:
      return try segment(on: FourTuple(local: local, peer: try source(for: local)))
    case 12:
      if let cookie = flooded.latestCookie { return segment(.ack, for: cookie) }
      fallthrough
    default:
      return Segment(
        from: try source(for: local), to: local, .syn, sequence: try sequenceNumber())
    }
  }

  private mutating func source(for local: Endpoint) throws(CaseEnd) -> Endpoint {
    let isVersion6 =
      switch local.address {
      case .v4: false
      case .v6: true
      }
    return Endpoint(
      try address(isVersion6: isVersion6, host: 2...5),
      port: UInt16(try number(in: 40_000...40_002)))
  }

  /// The SYN of a half-open connection once more, its final ACK, or the RST that ends it.
  private func segment(_ flags: TCPFlags, for entry: FloodedListener.Entry) -> Segment {
    Segment(
      from: entry.tuple.peer, to: entry.tuple.local, flags,
      sequence: entry.initialReceiveSequence + (flags == .syn ? 0 : 1),
      acknowledgment: entry.initialSendSequence + 1, window: 65_535)
  }
}
