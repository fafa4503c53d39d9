import Determinism

/// What the passive signs say of one flow.
extension AnnotatedFlow {
  /// How the client repeated its SYN; nil without a repetition, or without times.
  public var synBackoff: BackoffReading? {
    backoff(
      of: tracker.syns.all.filter { $0.sender == .client }, .syn, goesOn: verdict == .unanswered)
  }

  /// How the server repeated its SYN-ACK; nil without a repetition, or without times.
  public var synAckBackoff: BackoffReading? {
    backoff(
      of: tracker.synAcks.all.filter { $0.sender == .server }, .synAck,
      goesOn: [.halfOpen, .acknowledgmentNotTaken, .synAckWithoutSyn, .oneDirectionOnly]
        .contains(verdict))
  }

  private func backoff(
    of sent: [SentHandshakeSegment], _ segment: BackoffPattern.Segment, goesOn: Bool
  ) -> BackoffReading? {
    guard let first = sent.first, !tracker.isUntimed else { return nil }
    let times = sent.filter { $0.number == first.number }.map(\.time)
    guard times.count > 1 else { return nil }
    var reading = BackoffReading(times: times, of: segment)
    // What was answered is not sent again.
    if !goesOn { reading.next = .unknown }
    return reading
  }

  /// What the ends offered each other, and what came of it.
  public var optionStory: OptionStory {
    var story = OptionStory()
    for syn in tracker.syns.all where syn.sender == .client {
      let isLatest = syn.frame == tracker.syns.all.last { $0.sender == .client }?.frame
      let later = tracker.hasRarities ? tracker.rarities.laterOffer : nil
      guard let options = isLatest ? later ?? clientOffer : clientOffer else { continue }
      story.note(
        syn: OptionStory.Offer(
          options: options, flags: syn.flags, isAccurate: syn.hasAE, octets: Int(syn.dataLength)))
    }
    if let answer = tracker.synAcks.first(where: { $0.sender == .server }), let serverOffer {
      story.note(
        synAck: OptionStory.Offer(
          options: serverOffer, flags: answer.flags, isAccurate: answer.hasAE,
          octets: fastOpenOctetsTaken))
    }
    return story
  }

  /// Where the capture was taken, by this flow alone.
  public var place: CapturePlaceReading {
    var reading = CapturePlaceReading()
    let timing = timing
    reading.serverSide = timing.serverSide?.length
    reading.clientSide = timing.clientSide?.length
    if tracker.client.hasSent { reading.clientTTL = tracker.client.hopLimit }
    if tracker.server.hasSent { reading.serverTTL = tracker.server.hopLimit }
    reading.clientLeavesChecksums = tracker.client.leavesChecksums
    reading.serverLeavesChecksums = tracker.server.leavesChecksums
    return reading
  }

  /// What is to be said of options beside what was agreed, one clause each.
  var optionNews: [String] {
    let story = optionStory
    guard story.first != nil else { return [] }
    var news: [String] = []
    if story.answer != nil {
      let refused = [
        (story.windowScale, "window scale"), (story.sack, "SACK"),
        (story.timestamps, "timestamps"),
      ]
      .filter { $0.0 == .notGranted }.map(\.1)
      if !refused.isEmpty {
        news.append(refused.joined(separator: ", ") + " offered, not granted")
      }
    }
    if story.ecn != .notOffered { news.append(story.ecn.description) }
    if story.fastOpen != .notOffered { news.append(story.fastOpen.description) }
    if story.multipath != .notOffered { news.append(story.multipath.description) }
    return news + story.fallbacks.compactMap(\.clause)
  }
}
