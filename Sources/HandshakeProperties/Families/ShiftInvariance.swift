import Determinism
import Handshake
import SynCookies
import Wire

/// That sequence numbers stand on a circle, no place of which is special.
enum ShiftInvariance {
  /// S19.
  static let numbersHaveNoOrigin = Property(
    "S19", "A run whose numbers all begin elsewhere on the circle is the same run, moved.",
    source: "RFC 9293 §3.4"
  ) { (choices) throws(CaseEnd) in
    let tuple = try choices.tupleAtListener().reversed
    var settings = ListenerSettings(mitigation: .pool, backlog: 2, acceptQueue: 2)
    settings.stack.offersTimestamps = try choices.chance(1, in: 2)
    settings.stack.receiveWindow = try choices.element(of: [64_256, 5, 1 << 20])
    let secrets = try choices.secrets()
    let numbers = try choices.numbers()
    let place = try choices.place(
      clientNumber: numbers.initialSequenceNumber(for: tuple, at: .zero),
      listenerNumber: SequenceNumberSource(secret: secrets.sequenceNumbers)
        .initialSequenceNumber(for: tuple.reversed, at: .zero),
      isWholeMilliseconds: settings.stack.offersTimestamps)
    let actions = try choices.list(upTo: 40) { (choices) throws(CaseEnd) in try choices.action() }
    let runs = [TranslatedRun.Place(), place].map { place in
      var run = TranslatedRun(
        at: place, tuple: tuple, settings: settings, secrets: secrets, numbers: numbers)
      for action in actions { run.act(action) }
      return run.events
    }
    for event in runs[0] { choices.note(event) }
    for (place, event) in runs[0].enumerated() {
      try require(
        runs[1].count > place && runs[1][place] == event,
        "elsewhere, event \(place) is not \"\(event)\" but "
          + "\"\(runs[1].count > place ? runs[1][place] : "none")\"")
    }
    try require(runs[0].count == runs[1].count, "elsewhere, more happens")
  }
}

extension Choices {
  /// Draws a place at which the client's first number, and each end's first number as the other
  /// sees it, stands at an edge of the circle or anywhere.
  fileprivate mutating func place(
    clientNumber: SequenceNumber, listenerNumber: SequenceNumber, isWholeMilliseconds: Bool
  ) throws(CaseEnd) -> TranslatedRun.Place {
    var place = TranslatedRun.Place()
    place.ticks = clientNumber.distance(to: try sequenceNumber())
    // Timestamps count milliseconds: only by whole ones can they be moved.
    if isWholeMilliseconds { place.ticks -= place.ticks % 250 }
    place.listenerOffset = (listenerNumber + place.ticks).distance(to: try sequenceNumber())
    place.clientOffset = (clientNumber + place.ticks).distance(to: try sequenceNumber())
    note(
      "the other run is moved by \(place.ticks), the listener's numbers by "
        + "\(place.listenerOffset) more and the client's by \(place.clientOffset) more on the way")
    return place
  }

  fileprivate mutating func action() throws(CaseEnd) -> TranslatedRun.Action {
    switch try number(in: 0...15) {
    case 1: .wait
    case 2: .deliver(try number(in: 0...3))
    case 3: .double(try number(in: 0...3))
    case 4: .lose(try number(in: 0...3))
    case 5: .clientSends(try number(in: 1...2_000))
    case 6: .listenerSends(try number(in: 1...2_000))
    case 7: .clientCloses
    case 8: .listenerCloses
    case 9: .accept
    case 10: try oldSegment([.syn, .ack, .rst, [.rst, .ack]], forListener: true)
    case 11: try oldSegment([[.syn, .ack], .ack, .rst, [.rst, .ack]], forListener: false)
    default: .deliver(0)
    }
  }

  private mutating func oldSegment(
    _ flags: [TCPFlags], forListener: Bool
  ) throws(CaseEnd) -> TranslatedRun.Action {
    let steps: [UInt32] = [1, 0, 2, .max, 64_255, 64_256, 1 << 31, (1 << 31) + 1, 500]
    return .find(
      try element(of: flags), forListener: forListener, sequence: try edge(of: steps),
      acknowledgment: try edge(of: steps))
  }
}
