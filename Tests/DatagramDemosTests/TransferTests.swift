import Determinism
import FlowControl
import Foundation
import TestSupport
import Testing

@testable import DatagramDemos

@Suite("The two ends of a file's transfer, in virtual time")
struct TransferTests {
  static let controls: [SendingControl] = [
    .stopAndWait(timer: timer), .goBackN(window: 64, timer: timer, threshold: 3),
    .selectiveRepeat(window: 64, reach: 512, timer: timer, threshold: 3),
  ]
  private static let timer = RetransmissionTimer.Law.adaptive(
    least: .milliseconds(20), most: .seconds(2))

  @Test(
    "bring every octet across, whatever the path does to datagrams",
    arguments: Seeds.sweep(8), controls)
  func anyPath(seed: UInt64, control: SendingControl) throws {
    var chance = SeededGenerator(seed: seed, stream: "transfers")
    let size = Int(chance.number(below: 60_000))
    var bad = Impairment()
    bad.loss = 0.2 * chance.unitInterval()
    bad.duplicate = 0.2 * chance.unitInterval()
    bad.reorder = 0.2 * chance.unitInterval()
    bad.corrupt = 0.2 * chance.unitInterval()
    bad.delay = .microseconds(Int64(chance.number(below: 20_000)))
    bad.hold = .milliseconds(5)
    var world = TransferWorld(size: size, control: control, impairment: bad, seed: seed)
    world.run()
    #expect(world.sender.stage == .done && world.arrived == world.file, "\(bad) \(size)")
    #expect(world.isConcluded)
  }

  @Test(
    "are at least ten times as fast with a window as without, 2 MB at 5 % loss and 10 ms each way")
  func slidingWindowIsFaster() throws {
    let bad = try Impairment(parsing: "loss=5%,delay=10ms")
    let times = [Self.controls[0], Self.controls[2]].map { control -> Nanoseconds in
      var world = TransferWorld(size: 2_000_000, control: control, impairment: bad, seed: 7)
      world.run()
      #expect(world.sender.stage == .done && world.arrived == world.file)
      return world.now - .zero
    }
    // One piece of 1,200 octets for each 20 ms at best.
    #expect(times[0] > .milliseconds(20) * 1_667 && times[0] < .milliseconds(20) * 4_000)
    #expect(times[0] > times[1] * 10, "\(times[0].seconds) s and \(times[1].seconds) s")
  }

  @Test("give a silent end up, and never hang", arguments: controls)
  func vanishing(control: SendingControl) {
    var mute = Impairment()
    mute.loss = 1
    var unheard = TransferWorld(size: 100, control: control, impairment: mute, seed: 1)
    unheard.run()
    #expect(unheard.sender.stage == .failed(.noAnswer(.seconds(10))))
    #expect(unheard.now == .zero + .seconds(10))
    for moment in [50, 500] as [Int64] {
      var world = TransferWorld(
        size: 2_000_000, control: control, impairment: Self.slow, seed: 1)
      world.vanish = .zero + .milliseconds(moment)
      world.run()
      #expect(world.sender.stage == .failed(.silence(.seconds(10))))
      #expect(world.receiver.stage == .failed(.silence(.seconds(10))))
      #expect(!world.isConcluded && world.now < .zero + .seconds(11))
    }
  }

  private static var slow: Impairment {
    var slow = Impairment()
    slow.delay = .milliseconds(10)
    return slow
  }

  @Test("find out that the file arrived damaged")
  func damage() {
    var world = TransferWorld(
      size: 5_000, control: Self.controls[2], impairment: Impairment(), seed: 1)
    world.spoilsFile = true
    world.run()
    let words = "the file that arrived is not the one that was sent"
    #expect(world.sender.stage == .failed(.refused(words)))
    #expect(world.receiver.stage == .failed(.digestDiffers))
  }

  @Test("turn away offers that make no sense, and a second sender")
  func offers() {
    var receiver = TransferReceiver(patience: .seconds(1))
    var steps: [TransferReceiver.Step] = []
    let bad = [
      FileOffer(name: "a", size: 10, pieceOctets: 0, reach: 1),
      FileOffer(name: "a", size: .max, pieceOctets: 1, reach: 1),
      FileOffer(name: "a", size: 10, pieceOctets: 1, reach: .max),
    ]
    for offer in bad {
      receiver.receive(.open(offer), session: 1, at: .zero, into: &steps)
    }
    let refusals = steps.filter {
      if case .answer(.refused, session: 1) = $0 { true } else { false }
    }
    #expect(refusals.count == 3 && steps.count == 3)
    let offer = FileOffer(name: "a", size: 10, pieceOctets: 4, reach: 8)
    _ = receiver.accept(offer, session: 1, at: .zero)
    steps = []
    receiver.receive(.open(offer), session: 2, at: .zero, into: &steps)
    receiver.receive(.open(offer), session: 1, at: .zero, into: &steps)
    #expect(
      steps == [
        .answer(.refused("it is busy with another file"), session: 2),
        .answer(.opened, session: 1),
      ])
    // Neither a stranger's piece, nor one beyond the end, nor one of a wrong length.
    steps = []
    receiver.receive(
      .piece(number: 0, serial: 1, octets: [1, 2, 3, 4]), session: 2, at: .zero, into: &steps)
    receiver.receive(
      .piece(number: 3, serial: 1, octets: [1, 2, 3, 4]), session: 1, at: .zero, into: &steps)
    receiver.receive(
      .piece(number: 2, serial: 1, octets: [1, 2, 3]), session: 1, at: .zero, into: &steps)
    receiver.receive(
      .finish(digest: [UInt8](repeating: 0, count: 32)), session: 1, at: .zero, into: &steps)
    #expect(steps.isEmpty)
  }

  @Test("read what they write, and nothing that is damaged", arguments: Seeds.sweep(20))
  func messages(seed: UInt64) {
    var chance = SeededGenerator(seed: seed, stream: "messages")
    let messages: [TransferMessage] = [
      .open(
        FileOffer(
          name: "Ärger.txt", size: chance.next(), pieceOctets: 1_200,
          reach: UInt32(truncatingIfNeeded: chance.next()))),
      .opened, .finished, .close, .refused("no"),
      .piece(
        number: UInt32(truncatingIfNeeded: chance.next()), serial: 8,
        octets: [UInt8](repeating: 7, count: 9)),
      .acknowledgment(next: 9, latest: 12, serial: 3),
      .finish(digest: [UInt8](repeating: 3, count: 32)),
    ]
    for message in messages {
      let session = chance.next()
      let octets = message.octets(in: session)
      let read = TransferMessage.read(octets)
      #expect(read?.session == session && read?.message == message)
      for _ in 0..<40 {
        var damaged = octets
        ImpairedCopy(
          delay: .zero, turnedBit: Int(chance.number(below: UInt64(octets.count) * 8))
        ).damage(&damaged)
        #expect(TransferMessage.read(damaged) == nil)
        #expect(
          TransferMessage.read(
            Array(octets.prefix(Int(chance.number(below: UInt64(octets.count)))))) == nil)
      }
    }
  }

  @Test("hash as FIPS 180-4 does, in pieces of any length")
  func digests() {
    for (text, digest) in [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
    ] {
      var hash = SHA256()
      hash.absorb(Array(text.utf8))
      #expect(hash.finish().hexadecimal == digest)
    }
    let octets = (0..<1_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    var whole = SHA256()
    whole.absorb(octets)
    let digest = whole.finish()
    for length in [1, 3, 55, 56, 63, 64, 65, 128, 999] {
      var hash = SHA256()
      for start in stride(from: 0, to: octets.count, by: length) {
        hash.absorb(Array(octets[start..<min(octets.count, start + length)]))
      }
      #expect(hash.finish() == digest, "in pieces of \(length)")
    }
  }
}

/// Both ends on one virtual clock, with a path between them.
struct TransferWorld {
  enum Event {
    case toReceiver([UInt8])
    case toSender([UInt8])
  }

  let file: [UInt8]
  var sender: TransferSender
  var receiver = TransferReceiver(patience: .seconds(10))
  var arrived: [UInt8] = []
  var now = Instant.zero
  /// When neither hears the other any more.
  var vanish = Instant.distantFuture
  var spoilsFile = false
  var isConcluded = false
  private var events = EventQueue<Event>()
  private let impairment: Impairment
  private var chance: SeededGenerator
  private var digest = SHA256()
  private let session: UInt64 = 99

  init(size: Int, control: SendingControl, impairment: Impairment, seed: UInt64) {
    var contents = SeededGenerator(seed: seed, stream: "contents")
    file = (0..<size).map { _ in UInt8(truncatingIfNeeded: contents.next()) }
    sender = TransferSender(
      FileOffer(
        name: "file", size: UInt64(size), pieceOctets: 1_200,
        reach: UInt32(control.receiverBuffer)), control: control, patience: .seconds(10), at: .zero)
    self.impairment = impairment
    chance = SeededGenerator(seed: seed, stream: "path")
  }

  /// Runs until both ends have come to an end, or nothing is left to happen.
  mutating func run() {
    send()
    while let next = [
      events.earliestDue, sender.nextDeadline, receiver.nextDeadline,
    ].compactMap({ $0 }).min(), next < .distantFuture {
      now = max(now, next)
      while let event = events.popEarliest(dueBy: now) { handle(event.event) }
      sender.advance(to: now)
      receiver.advance(to: now)
      send()
      // What the receiver waits for then is nobody's concern.
      if sender.stage == .done { return }
    }
  }

  private mutating func handle(_ event: Event) {
    guard now < vanish else { return }
    switch event {
    case .toSender(let octets):
      if let (_, message) = TransferMessage.read(octets) { sender.receive(message, at: now) }
    case .toReceiver(let octets):
      guard let (session, message) = TransferMessage.read(octets) else { return }
      var steps: [TransferReceiver.Step] = []
      receiver.receive(message, session: session, at: now, into: &steps)
      for step in steps { take(step) }
    }
  }

  private mutating func take(_ step: TransferReceiver.Step) {
    switch step {
    case .answer(let message, let session): carry(message.octets(in: session)) { .toSender($0) }
    case .begin(let offer, let session):
      arrived = [UInt8](repeating: 0, count: Int(offer.size))
      take(receiver.accept(offer, session: session, at: now))
    case .write(let number, let octets, _):
      arrived.replaceSubrange(number * 1_200..<number * 1_200 + octets.count, with: octets)
      if spoilsFile { arrived[0] ^= 1 }
    case .conclude(let digest):
      var own = SHA256()
      own.absorb(arrived)
      isConcluded = own.finish() == digest
      if let step = receiver.conclude(isConcluded ? nil : .digestDiffers, at: now) { take(step) }
    }
  }

  private mutating func send() {
    while let step = sender.next(at: now) {
      let message: TransferMessage
      switch step {
      case .open: message = .open(sender.offer)
      case .piece(let number, let serial):
        let start = number * 1_200
        message = .piece(
          number: UInt32(number), serial: UInt32(serial),
          octets: Array(file[start..<min(file.count, start + 1_200)]))
      case .finish:
        var own = SHA256()
        own.absorb(file)
        message = .finish(digest: own.finish())
      case .close: message = .close
      }
      carry(message.octets(in: session)) { .toReceiver($0) }
    }
  }

  private mutating func carry(_ octets: [UInt8], as event: ([UInt8]) -> Event) {
    var copies: [ImpairedCopy] = []
    impairment.decide(packetOf: octets.count, using: &chance, into: &copies)
    for copy in copies {
      var octets = octets
      copy.damage(&octets)
      events.schedule(event(octets), at: now + copy.delay + .microseconds(50))
    }
  }
}
