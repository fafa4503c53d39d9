import Annotation
import CaptureFiles
import Determinism
import Handshake
import Testing
import Wire

@Suite("What became of each connection")
struct VerdictTests {
  @Test("a handshake with a stamp and both FINs passes every state of RFC 9293")
  func complete() {
    let capture = Story.telling {
      $0.handshake()
      $0.server(13_000, [.psh, .ack], 1, 1, data: "1700000000\r\n")
      $0.server(13_100, [.fin, .ack], 13, 1)
      $0.client(15_000, .ack, 1, 13)
      $0.client(15_100, [.fin, .ack], 1, 14)
      $0.server(25_000, .ack, 14, 2)
    }
    #expect(capture.verdicts == [.established])
    #expect(
      capture.roles == [
        "syn", "syn-ack", "handshake-ack", "data", "fin", "acknowledgment", "fin",
        "acknowledgment",
      ])
    #expect(
      capture.statesAfter == [
        "SYN-SENT SYN-RECEIVED", "ESTABLISHED SYN-RECEIVED", "ESTABLISHED ESTABLISHED",
        "ESTABLISHED ESTABLISHED", "CLOSE-WAIT FIN-WAIT-1", "CLOSE-WAIT FIN-WAIT-1",
        "LAST-ACK TIME-WAIT", "CLOSED TIME-WAIT",
      ])
    #expect(capture.packets.first?.client.before == .closed)
    #expect(capture.packets.first?.server.before == .listen)
    #expect(capture.flows.first?.stamp?.seconds == 1_700_000_000)
    #expect(capture.packets[3].segment.stamp?.date.description == "2023-11-14 22:13:20 UTC")
  }

  @Test("FINs that cross lead both ends through CLOSING")
  func crossingFins() {
    let capture = Story.telling {
      $0.handshake()
      $0.server(20_000, [.fin, .ack], 1, 1)
      $0.client(20_500, [.fin, .ack], 1, 1)
      $0.client(22_000, .ack, 2, 2)
      $0.server(22_500, .ack, 2, 2)
    }
    #expect(
      capture.statesAfter.suffix(3) == [
        "CLOSING CLOSING", "CLOSING TIME-WAIT", "TIME-WAIT TIME-WAIT",
      ])
  }

  @Test("a reset against the SYN refuses, and the server was CLOSED all the time")
  func refused() {
    let capture = Story.telling {
      $0.client(0, .syn)
      $0.server(10_000, [.rst, .ack], 0, 1)
    }
    #expect(capture.verdicts == [.refused])
    #expect(capture.roles == ["syn", "reset-refuses"])
    #expect(capture.statesAfter == ["SYN-SENT CLOSED", "CLOSED CLOSED"])
    #expect(capture.flows.first?.timing.refusal?.length == .milliseconds(10))
  }

  @Test("SYNs that nobody answers tell their gaps, and nothing of the server")
  func unanswered() {
    let capture = Story.telling { story in
      for seconds in [0, 1, 3, 7] as [Int64] { story.client(seconds * 1_000_000, .syn) }
    }
    #expect(capture.verdicts == [.unanswered])
    #expect(capture.packets.map(\.role.gap) == [nil, .seconds(1), .seconds(2), .seconds(4)])
    #expect(capture.packets.last?.role == .synRetransmission(gap: .seconds(4), attempt: 3))
    #expect(Set(capture.statesAfter) == ["SYN-SENT ?"])
  }

  @Test("a SYN-ACK that is never acknowledged leaves the server SYN-RECEIVED")
  func halfOpen() {
    let capture = Story.telling {
      $0.client(0, .syn)
      $0.server(10_000, [.syn, .ack], 0, 1)
      $0.server(1_010_000, [.syn, .ack], 0, 1)
    }
    #expect(capture.verdicts == [.halfOpen])
    #expect(capture.roles == ["syn", "syn-ack", "syn-ack-retransmission"])
    #expect(
      capture.statesAfter == ["SYN-SENT SYN-RECEIVED", "? SYN-RECEIVED", "? SYN-RECEIVED"])
  }

  @Test("a server that repeats its SYN-ACK after the ACK never took it")
  func acknowledgmentNotTaken() {
    let capture = Story.telling {
      $0.handshake()
      $0.client(13_000, .ack, 1, 1, data: "GET")
      $0.client(213_000, .ack, 1, 1, data: "GET")
      $0.server(1_010_000, [.syn, .ack], 0, 1)
      $0.client(1_012_000, .ack, 4, 1)
    }
    #expect(capture.verdicts == [.acknowledgmentNotTaken])
    #expect(
      capture.roles.suffix(4) == [
        "data", "data-retransmission", "syn-ack-retransmission", "handshake-ack-repeated",
      ])
    #expect(capture.statesAfter.suffix(5) == .init(repeating: "ESTABLISHED SYN-RECEIVED", count: 5))
  }

  @Test("a reset instead of the ACK is a reset in the handshake")
  func resetInHandshake() {
    let capture = Story.telling {
      $0.client(0, .syn)
      $0.server(10_000, [.syn, .ack], 0, 1)
      $0.client(10_100, .rst, 1)
    }
    #expect(capture.verdicts == [.synAckReset])
    #expect(capture.roles.last == "reset-answers-syn-ack")
    #expect(capture.statesAfter.last == "CLOSED LISTEN")
  }

  @Test("a reset outside the window does nothing")
  func forgedReset() {
    let capture = Story.telling {
      $0.handshake()
      $0.server(20_000, .rst, 0x4000_0000)
      $0.client(21_000, .ack, 1, 1, data: "GET")
    }
    #expect(capture.verdicts == [.established])
    #expect(capture.roles.suffix(2) == ["reset-ignored", "data"])
    #expect(capture.flows.first?.resetSenders == [])
    #expect(capture.statesAfter.last == "ESTABLISHED ESTABLISHED")
  }

  @Test("a reset that does not acknowledge the SYN does nothing to SYN-SENT")
  func blindReset() {
    let capture = Story.telling {
      $0.client(0, .syn)
      $0.server(5_000, .rst, 0)
      $0.server(6_000, [.rst, .ack], 0, 77)
      $0.server(10_000, [.syn, .ack], 0, 1)
      $0.client(12_000, .ack, 1, 1)
    }
    #expect(capture.verdicts == [.established])
    #expect(
      capture.roles == ["syn", "reset-ignored", "reset-ignored", "syn-ack", "handshake-ack"])
  }

  @Test("data alone was captured from the middle, and counts from 1")
  func midstream() {
    let capture = Story.telling {
      $0.client(0, [.psh, .ack], 700, 900, data: "GET")
      $0.server(1_000, [.psh, .ack], 900, 703, data: "ok")
    }
    #expect(capture.verdicts == [.capturedLate])
    #expect(capture.packets.map(\.relativeSequence) == [1, 1])
    #expect(capture.packets.map(\.relativeAcknowledgment) == [1, 4])
    #expect(capture.flows.first?.basis == .guess)
    #expect(capture.flows.first?.clientNumber == nil)
  }

  @Test("one direction only is said, and guesses nothing of the silent end")
  func oneDirection() {
    let capture = Story.telling {
      $0.client(0, .syn)
      $0.client(12_000, .ack, 1, 1)
      $0.client(13_000, .ack, 1, 1, data: "GET")
    }
    #expect(capture.verdicts == [.oneDirectionOnly])
    #expect(Set(capture.packets.map(\.server.after)) == [nil])
  }

  @Test("two SYNs that cross open from both ends")
  func simultaneousOpen() {
    let capture = Story.telling {
      $0.client(0, .syn)
      $0.server(1_000, .syn)
      $0.client(11_000, [.syn, .ack], 0, 1)
      $0.server(12_000, [.syn, .ack], 0, 1)
    }
    #expect(capture.verdicts == [.simultaneousOpen])
    #expect(capture.roles == ["syn", "crossing-syn", "syn-ack", "syn-ack"])
    #expect(capture.statesAfter.last == "ESTABLISHED ESTABLISHED")
  }

  @Test("a challenge ACK, its reset and the second SYN are one flow")
  func challenge() {
    let capture = Story.telling {
      $0.client(0, .syn)
      $0.server(10_000, .ack, 4_000_000, 3_000_000)
      $0.client(11_000, .rst, 3_000_000)
      $0.handshake(from: 1_000_000)
    }
    #expect(capture.verdicts == [.established])
    #expect(
      capture.roles == [
        "syn", "challenge-ack", "reset-answers-challenge", "syn-retransmission", "syn-ack",
        "handshake-ack",
      ])
  }

  @Test("a corrupt SYN opens nothing")
  func corrupt() {
    var story = Story()
    story.clientNumber = 31_337
    story.client(0, .syn)
    story.packets[0].bytes[36] ^= 0x55
    story.clientNumber = 1_000
    story.handshake(from: 1_000)
    let capture = story.annotated
    #expect(capture.roles.first == "corrupt")
    #expect(capture.verdicts == [.established])
    #expect(capture.flows.first?.clientNumber == SequenceNumber(1_000))
  }

  @Test("an ICMP error that quotes the SYN makes it unreachable")
  func icmp() {
    var story = Story()
    story.client(0, .syn)
    let quoted = story.packets[0].bytes.prefix(28)
    let length = UInt8(20 + 8 + quoted.count)
    let header: [UInt8] = [
      0x45, 0, 0, length, 0, 0, 0, 0, 64, 1, 0, 0, 198, 51, 100, 1, 192, 0, 2, 1,
    ]
    story.packets.append(
      CapturedPacketSample.raw(header + [3, 13, 0, 0, 0, 0, 0, 0] + quoted, after: 5_000))
    let capture = story.annotated
    #expect(capture.verdicts == [.refusedByICMP])
    #expect(
      capture.flows.first?.icmpErrors.map(\.text) == ["communication administratively prohibited"])
  }
}
