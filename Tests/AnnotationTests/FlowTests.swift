import Annotation
import CaptureFiles
import Determinism
import Testing
import Wire

@Suite("Flows: which packets belong together, and how they are measured")
struct FlowTests {
  @Test("a 4-tuple used again after a reset is another flow")
  func portReuse() {
    var story = Story()
    story.handshake()
    story.client(100_000, .rst, 1)
    story.clientNumber = 77_000
    story.serverNumber = 88_000
    story.handshake(from: 5_000_000)
    let capture = story.annotated
    #expect(capture.verdicts == [.established, .established])
    #expect(capture.packets.map(\.flow) == [0, 0, 0, 0, 1, 1, 1])
    #expect(capture.flows.map(\.clientNumber?.rawValue) == [1_000, 77_000])
    #expect(capture.flows.map(\.resetSenders) == [[.client], []])
  }

  @Test("flows stand in the order of their first packets, however they interleave")
  func order() {
    var story = Story()
    story.client(0, .syn)
    story.client.port = 40_001
    story.client(1_000, .syn)
    story.client.port = 40_000
    story.server(2_000, [.rst, .ack], 0, 1)
    let capture = story.annotated
    #expect(capture.flows.map(\.client.port) == [40_000, 40_001])
    #expect(capture.packets.map(\.flow) == [0, 1, 0])
    #expect(capture.verdicts == [.refused, .unanswered])
  }

  @Test("numbers that wrap count on from the initial ones")
  func wrap() {
    var story = Story()
    story.clientNumber = .max
    story.serverNumber = .max
    story.handshake()
    story.client(13_000, .ack, 1, 1, data: "GET")
    let capture = story.annotated
    #expect(capture.verdicts == [.established])
    #expect(capture.packets.map(\.relativeSequence) == [0, 0, 1, 1])
    #expect(capture.packets[2].segment.acknowledgment.rawValue == 0)
  }

  @Test("frames captured twice are told from retransmissions, and counted once")
  func duplicates() {
    var story = Story()
    story.handshake()
    story.packets = story.packets.flatMap { packet in
      var again = packet
      again.time = packet.time.map { $0 + .microseconds(5) }
      return [packet, again]
    }
    let capture = story.annotated
    #expect(capture.verdicts == [.established])
    #expect(
      capture.packets.enumerated().filter { $0.offset % 2 == 1 }.map(\.element.role)
        == [1, 3, 5].map { .duplicate(of: $0, gap: .microseconds(5)) })
    #expect(capture.flows.first?.synCount == 1)
    #expect(capture.flows.first?.timing.roundTrip?.length == .milliseconds(12))
  }

  @Test("a SYN-ACK that stands before its SYN in the file is still one handshake")
  func reordered() {
    var story = Story()
    story.handshake()
    story.packets.swapAt(0, 1)
    let capture = story.annotated
    #expect(capture.verdicts == [.established])
    #expect(capture.packets.map(\.isOutOfOrder) == [false, true, false])
    #expect(capture.flows.first?.basis == .syn)
    #expect(capture.flows.first?.timing.serverSide?.length == .milliseconds(10))
  }

  @Test("the handshake's time is split where it was captured")
  func split() {
    let timing = Story.telling { $0.handshake() }.flows.first?.timing
    #expect(timing?.serverSide == MeasuredTime(length: .milliseconds(10), certainty: .single))
    #expect(timing?.clientSide == MeasuredTime(length: .milliseconds(2), certainty: .single))
    #expect(timing?.connect == .milliseconds(12))
  }

  @Test("after a SYN retransmission only the timestamps tell which SYN was answered")
  func karn() {
    let told = Story.telling {
      $0.client(0, .syn, 0, nil, .offer(100))
      $0.client(1_000_000, .syn, 0, nil, .offer(1_100))
      $0.server(1_005_000, [.syn, .ack], 0, 1, .offer(900, echo: 100))
      $0.client(1_007_000, .ack, 1, 1, .stamps(1_107, 900))
    }
    #expect(
      told.flows.first?.timing.serverSide
        == MeasuredTime(length: .milliseconds(1_005), certainty: .echoed))
    let untold = Story.telling {
      $0.client(0, .syn)
      $0.client(1_000_000, .syn)
      $0.server(1_005_000, [.syn, .ack], 0, 1)
      $0.client(1_007_000, .ack, 1, 1)
    }
    #expect(
      untold.flows.first?.timing.serverSide
        == MeasuredTime(length: .milliseconds(5), certainty: .ambiguous))
    #expect(untold.flows.first?.timing.roundTrip?.certainty == .ambiguous)
    #expect(untold.flows.first?.timing.connect == .milliseconds(1_007))
  }

  @Test("an option holds only when both ends sent it")
  func agreement() {
    let capture = Story.telling {
      $0.client(0, .syn, 0, nil, .offer(1, mss: 1_400, scale: 15))
      $0.server(
        10_000, [.syn, .ack], 0, 1,
        TCPOptions(windowScale: 3, sackPermitted: false))
    }
    let agreed = capture.flows.first?.agreement
    #expect(agreed?.windowScale?.client == 14)
    #expect(agreed?.windowScale?.server == 3)
    #expect(agreed?.sack == false)
    #expect(agreed?.timestamps == false)
    #expect(agreed?.segmentSizeToServer == 536)
    #expect(agreed?.segmentSizeToClient == 1_400)
  }

  @Test("wherever a capture cuts the options, nothing is said of what it did not keep")
  func cutOptions() {
    var story = Story()
    story.handshake()
    let whole = story.annotated.flows.first?.clientOffer
    let length = story.packets[0].bytes.count
    for kept in 40..<length {
      var packets = story.packets
      packets[0].bytes.removeLast(length - kept)
      let flow = AnnotatedCapture(annotating: packets).flows.first
      #expect(flow?.verdict == .established)
      #expect(flow?.clientOffer == nil || flow?.clientOffer == whole, "\(kept) octets kept")
      #expect((flow?.agreement == nil) == (flow?.clientOffer == nil))
      #expect(kept > 40 || flow?.clientOffer == nil)
    }
    #expect(whole == .offer(100))
  }

  @Test("data may carry the handshake's ACK")
  func ackWithData() {
    let capture = Story.telling {
      $0.client(0, .syn)
      $0.server(10_000, [.syn, .ack], 0, 1)
      $0.client(12_000, [.psh, .ack], 1, 1, data: "GET")
    }
    #expect(capture.verdicts == [.establishedWithData])
    #expect(capture.packets.last?.role == .handshakeAckWithData(octets: 3))
  }

  @Test("checksums left to the card are no fault, and are said once a flow")
  func hostCapture() {
    var story = Story()
    story.handshake()
    for index in story.packets.indices {
      story.packets[index].bytes[36] ^= 0x55
      story.packets[index].flags = .checksumNotReady
    }
    let capture = story.annotated
    #expect(capture.verdicts == [.established])
    #expect(capture.flows.first?.unfinishedChecksums == 3)
    let said = capture.ladder().split(separator: "\n").filter { $0.contains("left to the card") }
    #expect(
      said == [
        "     =  captured on a host that is both client and server (certain: checksums left to the card)"
      ])
  }

  @Test("packets without a flow are counted by what they are")
  func leftOut() {
    let packets = [
      CapturedPacket(time: nil, bytes: [1, 2, 3], linkType: 147),
      CapturedPacket(time: nil, bytes: [1, 2, 3], linkType: 147),
      CapturedPacket(time: nil, bytes: [0x45], linkType: 101),
    ]
    let capture = AnnotatedCapture(annotating: packets)
    #expect(capture.leftOut.map(\.name) == ["link type 147", "unreadable IPv4 header"])
    #expect(capture.leftOut.map(\.count) == [2, 1])
    #expect(capture.summary.frameCount == 3)
  }
}

/// Packets that no story builds.
enum CapturedPacketSample {
  static func raw(_ bytes: [UInt8], after microseconds: Int64) -> CapturedPacket {
    CapturedPacket(
      time: Instant(nanoseconds: Story.beginning + microseconds * 1_000), bytes: bytes,
      linkType: LinkType.raw.rawValue)
  }
}
