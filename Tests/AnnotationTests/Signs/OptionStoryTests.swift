import Annotation
import Determinism
import TestSupport
import Testing
import Wire

@Suite("The story of options")
struct OptionStoryTests {
  static let full = TCPOptions(
    maximumSegmentSize: 1_460, windowScale: 7, sackPermitted: true,
    timestamps: TCPTimestamps(value: 1, echoReply: 0))

  @Test(
    "every answer to accurate ECN is RFC 9768's table",
    arguments: [
      (0b010, .accurate(.notECT)), (0b011, .accurate(.ect1)), (0b100, .accurate(.ect0)),
      (0b110, .accurate(.ce)), (0b101, .accurate(.reserved)), (0b001, .accurateFellToClassic),
      (0b000, .refused(.accurate)), (0b111, .reflected),
    ] as [(Int, ECNOutcome)])
  func accurate(bits: Int, expected: ECNOutcome) {
    var story = OptionStory()
    story.note(
      syn: .init(options: Self.full, flags: [.syn, .ece, .cwr], isAccurate: true))
    #expect(story.ecn == .open(.accurate))
    story.note(synAck: answer(bits: bits))
    #expect(story.ecn == expected)
  }

  @Test("classic ECN holds with ECE alone, AE or not, and a reflection is none")
  func classic() {
    for (bits, expected) in [
      (0b001, .classic), (0b101, .classic), (0b011, .reflected), (0b111, .reflected),
      (0b000, .refused(.classic)), (0b010, .refused(.classic)),
    ] as [(Int, ECNOutcome)] {
      var story = OptionStory()
      story.note(syn: .init(options: Self.full, flags: [.syn, .ece, .cwr]))
      story.note(synAck: answer(bits: bits))
      #expect(story.ecn == expected, "\(bits)")
    }
    var none = OptionStory()
    none.note(syn: .init(options: Self.full, flags: [.syn, .ece]))
    none.note(synAck: answer(bits: 1))
    #expect(none.ecn == .notOffered)
  }

  @Test("a SYN repeated without ECN is a fallback, and the last SYN's offer is what counts")
  func fallback() {
    var story = OptionStory()
    story.note(syn: .init(options: Self.full, flags: [.syn, .ece, .cwr], isAccurate: true))
    story.note(syn: .init(options: Self.full, flags: [.syn, .ece, .cwr], isAccurate: true))
    #expect(story.fallbacks.isEmpty)
    story.note(syn: .init(options: Self.full, flags: [.syn]))
    story.note(synAck: answer(bits: 0))
    #expect(story.fallbacks == [.accurateECN, .ecn])
    #expect(story.ecn == .notOffered)
    story.note(syn: .init(options: .none, flags: [.syn]))
    #expect(story.syns == 3, "a SYN after the answer is another story")
    var bare = OptionStory()
    bare.note(syn: .init(options: Self.full, flags: [.syn]))
    bare.note(syn: .init(options: TCPOptions(maximumSegmentSize: 1_460), flags: [.syn]))
    #expect(bare.fallbacks == [.otherOptions])
  }

  @Test(
    "each end of Fast Open is told",
    arguments: [
      ([], 0, [1, 2, 3, 4, 5, 6, 7, 8], 0, .cookieGiven(octets: 8)),
      ([], 0, nil, 0, .cookieRefused),
      ([1, 2, 3, 4], 11, nil, 11, .taken(octets: 11, of: 11)),
      ([1, 2, 3, 4], 11, nil, 5, .taken(octets: 5, of: 11)),
      ([1, 2, 3, 4], 11, nil, 900, .taken(octets: 11, of: 11)),
      ([1, 2, 3, 4], 11, nil, 0, .ignored(octets: 11, newCookie: false)),
      ([1, 2, 3, 4], 11, [9, 9, 9, 9], 0, .ignored(octets: 11, newCookie: true)),
      ([1, 2, 3, 4], 0, nil, 0, .cookieWithoutData),
    ] as [([UInt8], Int, [UInt8]?, Int, FastOpenOutcome)])
  func fastOpen(
    sent: [UInt8], octets: Int, given: [UInt8]?, taken: Int, expected: FastOpenOutcome
  ) {
    for isExperimental in [false, true] {
      let option = { (cookie: [UInt8]) in
        isExperimental
          ? TCPOption.unknown(kind: 254, octets: [0xF9, 0x89] + cookie)
          : TCPOption.fastOpen(cookie: cookie)
      }
      var story = OptionStory()
      story.note(
        syn: .init(options: TCPOptions(others: [option(sent)]), flags: .syn, octets: octets))
      #expect(story.fastOpen == .open(octets: octets))
      story.note(
        synAck: .init(
          options: TCPOptions(others: given.map { [option($0)] } ?? []), flags: [.syn, .ack],
          octets: taken))
      #expect(story.fastOpen == expected)
    }
  }

  @Test("Fast Open left out of the second SYN was given up")
  func fastOpenGivenUp() {
    var story = OptionStory()
    story.note(
      syn: .init(
        options: TCPOptions(others: [.fastOpen(cookie: [1, 2, 3, 4])]), flags: .syn, octets: 9))
    story.note(syn: .init(options: .none, flags: .syn))
    story.note(synAck: answer(bits: 0))
    #expect(story.fastOpen == .givenUp)
    #expect(story.fallbacks == [.fastOpen])
  }

  @Test("MPTCP holds when both are capable, and a join is not a capability")
  func multipath() {
    let capable = TCPOptions(others: [.unknown(kind: 30, octets: [0x01, 0x81])])
    let join = TCPOptions(others: [.unknown(kind: 30, octets: [0x10, 0])])
    let empty = TCPOptions(others: [.unknown(kind: 30, octets: [])])
    for (syn, synAck, expected) in [
      (capable, capable, .holds(version: 1)), (capable, .none, .notGranted),
      (join, capable, .notOffered), (empty, .none, .notOffered),
    ] as [(TCPOptions, TCPOptions, MultipathOutcome)] {
      var story = OptionStory()
      story.note(syn: .init(options: syn, flags: .syn))
      story.note(synAck: .init(options: synAck, flags: [.syn, .ack]))
      #expect(story.multipath == expected)
    }
  }

  @Test("an option holds when both named it")
  func agreement() {
    var story = OptionStory()
    #expect(story.sack == .open && story.description == "no SYN")
    story.note(syn: .init(options: Self.full, flags: .syn))
    #expect(story.sack == .open)
    let partly = TCPOptions(maximumSegmentSize: 1_452, sackPermitted: true)
    story.note(synAck: .init(options: partly, flags: [.syn, .ack]))
    #expect(story.sack == .holds && story.windowScale == .notGranted)
    #expect(
      story.description == "MSS 1460/1452; SACK; window scaling, timestamps offered, not granted")
    var unasked = OptionStory()
    unasked.note(syn: .init(options: .none, flags: .syn))
    unasked.note(synAck: .init(options: Self.full, flags: [.syn, .ack]))
    #expect(unasked.timestamps == .unasked)
  }

  @Test("a quote shows what was changed on the way, and nothing where it is the same")
  func pathChange() {
    var sent = Self.full
    sent.others = [.unknown(kind: 30, octets: [0, 1]), .fastOpen(cookie: [1])]
    #expect(PathChange.between(sent: sent, arrived: sent).isEmpty)
    var arrived = sent
    arrived.maximumSegmentSize = 1_380
    arrived.sackPermitted = false
    arrived.windowScale = 2
    arrived.others = [.fastOpen(cookie: [2]), .unknown(kind: 76, octets: [1])]
    #expect(
      PathChange.between(sent: sent, arrived: arrived).map(\.description) == [
        "MSS clamped from 1460 to 1380", "window scale changed", "SACK permitted removed",
        "MPTCP removed", "Fast Open changed", "option of kind 76 added",
      ])
    let cut = PathChange.between(
      sent: sent, arrived: TCPOptions(maximumSegmentSize: 1_460), isWhole: false)
    #expect(cut.isEmpty)
  }

  @Test(
    "an MSS names its link",
    arguments: [
      (1_460, false, .ethernet), (1_440, true, .ethernet), (1_452, false, .pppoe),
      (1_432, true, .pppoe), (1_380, false, .clamped(octets: 80)), (65_495, false, .loopback),
      (65_476, true, .loopback), (8_960, false, .jumbo), (536, false, .small),
      (1_220, true, .small), (0, false, .small), (65_535, true, .loopback), (2_000, false, .other),
    ] as [(UInt16, Bool, SegmentSizeHint)])
  func segmentSizes(size: UInt16, isVersion6: Bool, expected: SegmentSizeHint) {
    #expect(SegmentSizeHint(size, isVersion6: isVersion6) == expected)
  }

  private func answer(bits: Int) -> OptionStory.Offer {
    var flags: TCPFlags = [.syn, .ack]
    if bits & 2 != 0 { flags.insert(.cwr) }
    if bits & 1 != 0 { flags.insert(.ece) }
    return OptionStory.Offer(options: Self.full, flags: flags, isAccurate: bits & 4 != 0)
  }
}
