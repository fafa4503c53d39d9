import Determinism
import Handshake
import SynCookies
import Testing
import Wire

@Suite("Final ACKs that come for the accept queue's last place at once")
struct AcceptQueueRaceTests {
  /// Two may wait; four clients have their SYN-ACKs, from the pool or as cookies.
  private func listener(
    _ mode: SyncookiesMode, racing share: Double
  ) -> (Listener, acknowledgments: [Segment]) {
    var listener = Fixtures.listener(.linux, backlog: 8) {
      $0.acceptQueue = 1
      $0.syncookies = mode
      $0.racingAcknowledgments = share
    }
    let acknowledgments = (0..<4).map {
      Fixtures.acknowledgment(
        of: listener.answer(Fixtures.syn(from: Fixtures.client($0)), at: .zero).sent[0])
    }
    return (listener, acknowledgments)
  }

  private static let modes: [SyncookiesMode] = [.never, .always]

  @Test("let the next one in as well, and nobody after it", arguments: modes)
  func nextOnly(mode: SyncookiesMode) {
    var (listener, acknowledgments) = listener(mode, racing: 1)
    let verdicts = acknowledgments.map { listener.answer($0, at: .milliseconds(1)).verdict }
    let completed = mode == .never ? ListenerVerdict.completed : .completedByCookie
    let dropped = ListenerVerdict.dropped(.acceptQueueFull)
    #expect(verdicts == [completed, completed, completed, dropped])
    #expect(listener.acceptQueue.count == 3 && listener.acceptQueue.capacity == 2)
    // One place is free again only when two have been accepted.
    _ = listener.accept()
    #expect(listener.answer(acknowledgments[3], at: .milliseconds(1)).verdict == dropped)
    _ = listener.accept()
    #expect(listener.answer(acknowledgments[3], at: .milliseconds(1)).verdict == completed)
  }

  @Test("let nobody in who comes a nanosecond later", arguments: modes)
  func later(mode: SyncookiesMode) {
    var (listener, acknowledgments) = listener(mode, racing: 1)
    for acknowledgment in acknowledgments[..<2] {
      _ = listener.answer(acknowledgment, at: .milliseconds(1))
    }
    let late = listener.answer(acknowledgments[2], at: .milliseconds(1) + Nanoseconds(1))
    #expect(late.verdict == .dropped(.acceptQueueFull))
  }

  @Test("let as many in as race, of those who come next", arguments: modes, [0, 0.06, 0.5])
  func share(mode: SyncookiesMode, share: Double) {
    var (listener, _) = listener(mode, racing: share)
    let tries = 2_000
    var raced = 0
    for number in 0..<tries {
      let now = Instant.seconds(1) + Nanoseconds(Int64(number))
      while listener.accept() != nil {}
      let acknowledgments = (0..<4).map {
        let syn = Fixtures.syn(from: Fixtures.client(10 + 4 * number + $0))
        return Fixtures.acknowledgment(of: listener.answer(syn, at: now).sent[0])
      }
      let isDropped = acknowledgments.map {
        listener.answer($0, at: now).verdict == .dropped(.acceptQueueFull)
      }
      #expect(isDropped[0] == false && isDropped[1] == false && isDropped[3])
      if !isDropped[2] { raced += 1 }
      // Room in the pool for the next four.
      for var reset in acknowledgments {
        reset.flags = .rst
        _ = listener.answer(reset, at: now)
      }
    }
    // Four standard deviations.
    let leeway = 4 * (share * (1 - share) * Double(tries)).squareRoot()
    #expect(abs(Double(raced) - share * Double(tries)) <= leeway, "\(raced)")
  }
}
