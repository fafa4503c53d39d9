import Annotation
import CaptureFiles
import Determinism
import Testing
import Wire

@Suite("Listeners: what became of the attempts at each")
struct ListenerTests {
  @Test("a handshake is one attempt, answered and established, and held for its round trip")
  func normal() throws {
    let report = ListenerStory.telling { $0.connection(1) { $0.handshake(0, .offer(100)) } }
    let listener = try #require(report.listeners.first)
    #expect(report.listeners.count == 1)
    #expect(listener.endpoint?.description == "198.51.100.2:80")
    #expect(
      listener.tally
        == .of {
          $0.syns = 1
          $0.established = 1
        })
    #expect(listener.halfOpenNow == 0 && listener.halfOpenPeak == 1)
    #expect(listener.halfOpenPeakFrame == 2)
    #expect(listener.halfOpenPeakTime?.nanoseconds == Story.beginning + 1_000_000)
    #expect(report.others.tally.isEmpty && report.forgotten == 0)
  }

  @Test("every outcome is counted once, each under its name")
  func outcomes() throws {
    let report = ListenerStory.telling { story in
      story.connection(1) { $0.handshake(0) }
      story.connection(2) {
        $0.client(0, .syn)
        $0.server(1_000, [.rst, .ack], 0, 1)
      }
      story.connection(3) { connection in
        for second in [0, 1, 3] as [Int64] { connection.client(second * 1_000_000, .syn) }
      }
      story.connection(4) {
        $0.client(0, .syn)
        $0.server(1_000, [.syn, .ack], 0, 1)
        $0.server(1_001_000, [.syn, .ack], 0, 1)
      }
      story.connection(5) {
        $0.client(0, .syn)
        $0.server(1_000, [.syn, .ack], 0, 1)
        $0.client(2_000, .rst, 1)
      }
      story.connection(6) { Self.acknowledgeInVain(&$0) }
      story.connection(7) { $0.client(9_500_000, .syn) }
      story.connection(8) {
        $0.client(0, .syn)
        $0.server(1_000, [.syn, .ack], 0, 1)
        $0.server(2_000, [.rst, .ack], 1, 1)
      }
      story.goOn(to: 10_000_000)
    }
    let listener = try #require(report.listeners.first)
    #expect(
      listener.tally
        == .of {
          $0.syns = 8
          $0.synsAgain = 2
          $0.synAcksAgain = 3
          $0.established = 1
          $0.refusedByHost = 1
          $0.ignored = 1
          $0.neverAcknowledged = 1
          $0.resetByClient = 1
          $0.acknowledgedInVain = 1
          $0.undecided = 1
          $0.resetByServer = 1
        })
    #expect(listener.tally.answered == 5 && listener.tally.refused == 1)
    #expect(listener.halfOpenNow == 2, "the one that nobody acknowledged, and the one in vain")
    #expect(listener.signs?.acceptQueue.verdict == .fullOrDeferred)
  }

  private static func acknowledgeInVain(_ connection: inout ListenerStory.Connection) {
    connection.handshake(0)
    connection.client(3_000, [.psh, .ack], 1, 1, data: "GET")
    connection.server(1_001_000, [.syn, .ack], 0, 1)
    connection.client(1_002_000, .ack, 4, 1)
    connection.server(3_001_000, [.syn, .ack], 0, 1)
  }

  @Test("an ICMP error refuses, and is not the host's doing")
  func icmp() throws {
    var story = ListenerStory()
    story.connection(1) { $0.client(0, .syn) }
    let syn = try #require(story.captured.first)
    var error: [UInt8] = [3, 13, 0, 0, 0, 0, 0, 0] + syn.bytes.prefix(28)
    let sum = Self.checksum(of: error)
    error[2] = UInt8(sum >> 8)
    error[3] = UInt8(sum & 255)
    story.append(Self.icmp(error, from: IPv4Address(198, 51, 100, 1)), at: 5_000)
    story.goOn(to: 4_000_000)
    let listener = try #require(story.report().listeners.first)
    #expect(listener.tally.refusedByICMP == 1 && listener.tally.ignored == 0)
    #expect(listener.signs?.flood.count(of: .refused) == 1)
  }

  private static func checksum(of octets: [UInt8]) -> UInt16 {
    var sum = InternetChecksum()
    sum.add(octets.span)
    return sum.checksum
  }

  private static func icmp(_ message: [UInt8], from source: IPv4Address) -> CapturedPacket {
    let length = 20 + message.count
    var packet: [UInt8] = [
      0x45, 0, UInt8(length >> 8), UInt8(length & 255), 0, 0, 0, 0, 64, 1, 0, 0,
    ]
    packet += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: source.rawValue >> $0) }
    packet += [198, 18, 0, 1]
    let sum = checksum(of: packet)
    packet[10] = UInt8(sum >> 8)
    packet[11] = UInt8(sum & 255)
    return CapturedPacketSample.raw(packet + message, after: 5_000)
  }

  @Test("silence is an answer only when the capture went on for a second")
  func undecided() {
    for (end, ignored) in [(999_999, 0), (1_000_000, 1)] as [(Int64, Int)] {
      let report = ListenerStory.telling {
        $0.connection(1) { $0.client(0, .syn) }
        $0.goOn(to: end)
      }
      #expect(report.listeners.first?.tally.ignored == ignored)
      #expect(report.listeners.first?.tally.undecided == 1 - ignored)
    }
  }

  @Test("a capture of one direction calls nobody ignored by a server that it cannot see")
  func oneDirection() {
    let report = ListenerStory.telling { story in
      for index in 1...3 {
        story.connection(index) {
          $0.client(0, .syn)
          $0.client(2_000, .ack, 1, 1)
        }
      }
      story.goOn(to: 5_000_000)
    }
    let listener = report.listeners.first
    #expect(listener?.tally.unclear == 3 && listener?.tally.ignored == 0)
    #expect(listener?.isOneDirection == true)
    #expect(report.text(in: .text).contains("seems to lack what the listener sent"))
  }

  @Test("the full accept queue of the facts: two clients answered, four met silence")
  func acceptQueue() {
    let report = ListenerStory.telling { story in
      for port in 0..<2 as Range<UInt16> {
        story.connection(1, port: 40_000 + port) { $0.handshake(0) }
      }
      for port in 2..<6 as Range<UInt16> {
        story.connection(1, port: 40_000 + port) { connection in
          for second in [0, 1, 2, 3, 4, 5, 7] as [Int64] {
            connection.client(10_000 + second * 1_000_000, .syn)
          }
        }
      }
      story.goOn(to: 12_000_000)
    }
    let sign = report.listeners.first?.signs?.acceptQueue
    #expect(sign?.verdict == .fullOrLimited)
    #expect(sign?.ignoredOfAnswered == 4 && sign?.mostInVain == 7)
    #expect(report.text(in: .text).contains("  accept queue  accept queue full, or"))
  }

  @Test("a scan of many ports shows one listener for each, and of one port a scan")
  func scans() throws {
    let ports = ListenerStory.telling { story in
      for port in 1...200 as ClosedRange<UInt16> {
        let target = Endpoint(story.server.address, port: port)
        story.connection(1, to: target) {
          $0.client(Int64(port) * 100, .syn)
          $0.server(Int64(port) * 100 + 50, [.rst, .ack], 0, 1)
        }
      }
    }
    #expect(ports.listeners.count == 200)
    #expect(ports.listeners.allSatisfy { $0.tally.refusedByHost == 1 })
    #expect(ports.listeners.map(\.endpoint?.port) == (1...200).map { UInt16($0) })
    #expect(
      ports.text(in: .text)
        == "200 listeners refused each of 200 SYNs: 198.51.100.2:1, 198.51.100.2:2, 198.51.100.2:3 ...\n"
    )
    let port = ListenerStory.telling { story in
      for number in 0..<200 as Range<UInt16> {
        let time = Int64(number) * 1_000
        story.connection(1, port: 1_024 + number) {
          $0.client(time, .syn)
          $0.server(time + 50, [.syn, .ack], 0, 1)
          $0.client(time + 90, .rst, 1)
        }
      }
    }
    let listener = try #require(port.listeners.first)
    #expect(listener.signs?.flood.verdict == .scan)
    #expect(listener.tally.resetByClient == 200 && listener.halfOpenNow == 0)
  }

  @Test("SYN-ACKs of many servers to one host are reflection, and attempts at nobody")
  func reflection() throws {
    let report = ListenerStory.telling { story in
      for index in 0..<100 {
        let mirror = Endpoint(ListenerStory.client(1_000 + index), port: 443)
        story.connection(1, port: UInt16(2_000 + index), to: mirror) {
          $0.server(Int64(index) * 1_000, [.syn, .ack], 0, 1)
          $0.server(Int64(index) * 1_000 + 1_000_000, [.syn, .ack], 0, 1)
        }
      }
    }
    #expect(report.withoutSyn.verdict == .reflection)
    #expect(report.withoutSyn.synAcks.count == 100)
    #expect(report.listeners.count == 100)
    let mirror = try #require(report.listeners.first)
    #expect(mirror.tally.syns == 0 && mirror.tally.withoutSyn == 1)
    #expect(mirror.halfOpenPeak == 0)
    #expect(report.text(in: .text).contains("\nSYN-ACK reflection against the receiver: 100"))
  }

  @Test("a SYN behind its SYN-ACK in the file is no SYN-ACK without a SYN")
  func disorder() {
    let report = ListenerStory.telling {
      $0.connection(1) {
        $0.server(0, [.syn, .ack], 0, 1)
        $0.client(10, .syn)
        $0.client(1_000, .ack, 1, 1)
      }
    }
    let listener = report.listeners.first
    #expect(
      listener?.tally
        == .of {
          $0.syns = 1
          $0.established = 1
        })
    #expect(listener?.halfOpenPeak == 1 && listener?.halfOpenPeakFrame == 2)
  }

  @Test("frames captured twice, and corrupt ones, change no count")
  func duplicates() {
    var story = ListenerStory()
    story.connection(1) { $0.handshake(0) }
    let once = story.report().listeners
    for (index, packet) in story.captured.enumerated() {
      var again = packet
      again.time = packet.time.map { $0 + .microseconds(5) }
      story.append(again, at: Int64(index) * 1_000 + 5)
      again.bytes[36] ^= 1
      again.time = packet.time.map { $0 + .microseconds(500) }
      story.append(again, at: Int64(index) * 1_000 + 500)
    }
    let twice = story.report().listeners
    #expect(twice.map(\.tally) == once.map(\.tally))
    #expect(twice.map(\.halfOpenPeak) == [1] && twice.map(\.halfOpenNow) == [0])
  }

  @Test("checksums are told once a sender, servers and clients together by address")
  func checksums() {
    var story = ListenerStory()
    for index in 1...5 { story.connection(index) { $0.handshake(Int64(index) * 10_000) } }
    let other = Endpoint(story.server.address, port: 443)
    story.connection(9, to: other) { $0.handshake(0) }
    var annotator = ListenerAnnotator()
    for var packet in story.captured {
      if packet.bytes.prefix(16).suffix(4) == [198, 51, 100, 2] {
        packet.bytes[36] ^= 0x55
        packet.flags = .checksumNotReady
      }
      annotator.add(FrameFacts(packet), packet.bytes.span)
    }
    #expect(
      annotator.report.checksumLines == [
        "198.51.100.2: 6 checksums left to the card: captured on this host"
      ])
    #expect(annotator.report.checksums.count == 7)
  }
}
