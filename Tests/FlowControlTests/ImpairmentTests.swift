import Determinism
import FlowControl
import TestSupport
import Testing

@Suite("An impairment")
struct ImpairmentTests {
  @Test("is read from text, and reads back from what it writes")
  func text() throws {
    let bad = try Impairment(
      parsing: "loss=5%,duplicate=1%,reorder=2%,corrupt=0.1%,delay=10ms,hold=3ms")
    #expect(bad.loss == 0.05 && bad.duplicate == 0.01 && bad.reorder == 0.02)
    #expect(bad.corrupt == 0.001 && bad.delay == .milliseconds(10) && bad.hold == .milliseconds(3))
    #expect(try Impairment(parsing: bad.description) == bad)
    #expect(try Impairment(parsing: "delay=1s,loss=0.25").loss == 0.25)
    #expect(try Impairment(parsing: "none") == Impairment())
    #expect(Impairment().description == "none" && Impairment().isNothing && !bad.isNothing)
  }

  @Test(
    "that makes no sense is refused with the part that does not",
    arguments: [
      ("lost=5%", ImpairmentTextError.unknown("lost")),
      ("loss", .noValue("loss")), ("", .noValue("")), ("loss=5%,", .noValue("")),
      ("loss=5%,loss=6%", .repeated("loss")),
      ("loss=101%", .noShare(key: "loss", value: "101%")),
      ("loss=1.5", .noShare(key: "loss", value: "1.5")),
      ("loss=-1%", .noShare(key: "loss", value: "-1%")),
      ("loss=nan", .noShare(key: "loss", value: "nan")),
      ("loss=%", .noShare(key: "loss", value: "%")),
      ("delay=10", .noDuration(key: "delay", value: "10", .noUnit)),
    ])
  func refusals(text: String, error: ImpairmentTextError) {
    #expect(throws: error) { try Impairment(parsing: text) }
  }

  @Test("does each thing to its share of packets")
  func shares() {
    var bad = Impairment()
    bad.loss = 0.05
    bad.duplicate = 0.1
    bad.reorder = 0.2
    bad.corrupt = 0.3
    bad.delay = .milliseconds(5)
    var chance = SeededGenerator(seed: 11, stream: "impairment")
    let packets = 100_000
    var lost = 0
    var doubled = 0
    var copies: [ImpairedCopy] = []
    for _ in 0..<packets {
      let before = copies.count
      bad.decide(packetOf: 100, using: &chance, into: &copies)
      lost += copies.count == before ? 1 : 0
      doubled += copies.count == before + 2 ? 1 : 0
    }
    #expect(isShare(lost, of: packets, 0.05))
    #expect(isShare(doubled, of: packets - lost, 0.1))
    let held = copies.count { $0.delay == bad.delay + bad.hold }
    #expect(isShare(held, of: copies.count, 0.2))
    #expect(copies.allSatisfy { $0.delay == bad.delay || $0.delay == bad.delay + bad.hold })
    let bits = copies.compactMap(\.turnedBit)
    #expect(isShare(bits.count, of: copies.count, 0.3))
    #expect(bits.allSatisfy { (0..<800).contains($0) } && Set(bits).count == 800)
  }

  @Test("of damage alone leaves the losses as they were")
  func drawsAreIndependent() {
    var sound = Impairment()
    sound.loss = 0.3
    var damaging = sound
    damaging.corrupt = 0.5
    damaging.reorder = 0.5
    #expect(arrivals(of: sound) == arrivals(of: damaging))
  }

  @Test("turns over one bit of a damaged copy")
  func damage() {
    for bit in 0..<32 {
      var octets: [UInt8] = [0, 0, 0, 0]
      ImpairedCopy(delay: .zero, turnedBit: bit).damage(&octets)
      #expect(octets.reduce(0) { $0 + $1.nonzeroBitCount } == 1)
      #expect(octets[bit / 8].leadingZeroBitCount == bit % 8)
    }
    var octets: [UInt8] = []
    ImpairedCopy(delay: .zero, turnedBit: 3).damage(&octets)
    #expect(octets.isEmpty)
    var copies: [ImpairedCopy] = []
    var chance = SeededGenerator(seed: 1)
    var bad = Impairment()
    bad.corrupt = 1
    bad.decide(packetOf: 0, using: &chance, into: &copies)
    #expect(copies == [ImpairedCopy(delay: .zero)])
  }

  private func arrivals(of impairment: Impairment) -> [Int] {
    var chance = SeededGenerator(seed: 5)
    return (0..<2_000).map { _ in
      var copies: [ImpairedCopy] = []
      impairment.decide(packetOf: 10, using: &chance, into: &copies)
      return copies.count
    }
  }

  /// Within 4.9 standard errors: an honest share fails one time in a million.
  private func isShare(_ hits: Int, of trials: Int, _ share: Double) -> Bool {
    let error = (share * (1 - share) / Double(trials)).squareRoot()
    return abs(Double(hits) / Double(trials) - share) < 4.9 * error
  }
}
