import Determinism
import Handshake
import Wire

/// What becomes of two hosts that both want the connection.
enum Perseverance {
  /// S11.
  static let someoneEstablishes = Property(
    "S11", "If both ends keep opening and the network gets fair, one of them establishes.",
    source: "Korg, liveness of TCP's active openers; RFC 9293 §3.5", usualCases: 1_000
  ) { (choices) throws(CaseEnd) in
    var settings = StackSettings()
    settings.synSchedule = try choices.element(of: [.doublingSyn, .linuxSyn])
    settings.synAckSchedule = try choices.doublingSchedule(retries: 3)
    var openers = TwoOpeners(
      tuple: try choices.tupleAtListener(),
      sources: (try choices.numbers(), try choices.numbers()), settings: settings)
    var steps = 0
    while steps < 30, try choices.chance(30, in: 31) {
      steps += 1
      let event = try step(&openers, &choices)
      choices.note("\(openers.description)  \(event)")
    }
    // From here on nothing is lost and nothing comes in the wrong order.
    let end = openers.now + openers.patience * 2
    while !openers.hasEstablished, openers.now < end {
      let event = openers.flights.isEmpty ? openers.wait() : openers.deliver(0, isDoubled: false)
      choices.note("\(openers.description)  \(event)")
    }
    try require(
      openers.hasEstablished,
      "after \(openers.patience.seconds * 2) fair seconds nobody is ESTABLISHED")
  }

  /// Draws one step of an unfair network; where the step drawn is impossible, time passes.
  private static func step(
    _ openers: inout TwoOpeners, _ choices: inout Choices
  ) throws(CaseEnd) -> String {
    let kind = try choices.number(in: 0...9)
    let last = openers.flights.count - 1
    return switch kind {
    case 1, 2, 3: openers.wait()
    case 4 where last >= 0: openers.lose(try choices.number(in: 0...last))
    case 5 where last >= 0: openers.deliver(try choices.number(in: 0...last), isDoubled: true)
    case 6 where last >= 0: openers.deliver(try choices.number(in: 0...last), isDoubled: false)
    case 7: openers.giveUp(try choices.number(in: 0...1))
    default: last >= 0 ? openers.deliver(0, isDoubled: false) : openers.wait()
    }
  }
}
