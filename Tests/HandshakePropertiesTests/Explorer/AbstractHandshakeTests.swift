import Handshake
import HandshakeProperties
import Testing

@Suite("The abstract handshake")
struct AbstractHandshakeTests {
  let exploration = Exploration(of: AbstractHandshake())

  @Test("has as many states as TLC finds, by as many steps, as deep")
  func countsAreThoseOfTLC() {
    #expect(exploration.states.count == 1_182)
    #expect(exploration.generated == 6_322)
    #expect(exploration.depth == 14)
    #expect(exploration.isComplete)
  }
}
