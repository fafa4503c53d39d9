import HandshakeProperties
import TestSupport
import Testing

@Suite("A sequence of choices")
struct ChoiceSequenceTests {
  @Test("every sequence is read back from its hexadecimal text")
  func hexRoundTrips() {
    let edges: [UInt64] = [0, 1, 127, 128, 255, 16_383, 16_384, 1 << 62, 1 << 63, .max]
    for first in edges {
      for second in edges {
        let sequence = ChoiceSequence([first, 0, second])
        #expect(ChoiceSequence(hex: sequence.description) == sequence, "\(sequence)")
      }
    }
  }

  @Test("has the text that its definition gives")
  func hexIsAsDefined() {
    #expect(ChoiceSequence([]).description == "00")
    #expect(ChoiceSequence([0, 3, 128, 0]).description == "00038001")
  }

  @Test(
    "is not read from anything else",
    arguments: ["", "0", "0g", "80", "8", " 00", "ffffffffffffffffff02", "ffffffffffffffffffff01"])
  func otherTextIsRefused(text: String) {
    #expect(ChoiceSequence(hex: text) == nil)
  }

  @Test("is simpler when it is shorter, then when it is smaller in front")
  func orderIsLengthFirst() {
    let ordered = [[], [5], [0, 1], [1, 1], [1, 2], [2, 1], [0, 0, 1]].map(ChoiceSequence.init)
    for (place, simpler) in ordered.enumerated() {
      for other in ordered[place...] {
        #expect(simpler.isSimpler(than: other) == (simpler != other))
        #expect(!other.isSimpler(than: simpler))
      }
    }
  }

  @Test("zeros at the end make no difference")
  func zerosAtTheEndAreImplied() {
    #expect(ChoiceSequence([1, 0, 0]) == ChoiceSequence([1]))
    var choices = Choices(replaying: ChoiceSequence([7]))
    #expect(throws: Never.self) { try choices.choice(upTo: 5) }
    #expect(throws: Never.self) { try choices.choice(upTo: .max) }
    #expect(choices.sequence == ChoiceSequence([5]))
  }
}
