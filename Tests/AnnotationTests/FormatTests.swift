import Annotation
import CaptureFiles
import Determinism
import Testing
import Wire

@Suite("Formats of one small story: a refused connection")
struct FormatTests {
  var story: Story {
    var story = Story()
    story.client(0, .syn, 0, nil, TCPOptions(maximumSegmentSize: 1_460))
    story.server(10_000, [.rst, .ack], 0, 1)
    return story
  }

  @Test("ladder, 80 columns of ASCII")
  func ladder() {
    #expect(
      story.annotated.ladder(LadderLayout(width: 80, isASCII: true)) == """
        flow 0  192.0.2.1:40000 (client) -> 198.51.100.2:80 (server)
                first captured 2023-11-14 22:13:20.000000000 UTC

          since first       client |                                      | server
         +0.000000000       CLOSED |-- SYN ------------------------------>| CLOSED
              frame 1     SYN-SENT |   SYN                                | CLOSED
                                   |   seq 0 (1000), win 64240            |
                                   |   MSS 1460                           |
         +0.010000000     SYN-SENT |<-------------------------- RST,ACK --| CLOSED
              frame 2       CLOSED |   reset: the connection is refused   | CLOSED
                                   |   seq 0 (5000), ack 1 (1001),        |
                                   |   win 65160                          |
                                   |                                      |
             =  refused by the host: a reset answered the SYN (certain, by frames 1, 2)
             =  the reset came after 10.000 ms

        """)
  }

  @Test("a coloured ladder: arrows by their meaning, and nothing else differs")
  func colouredLadder() {
    let plain = story.annotated.ladder()
    let coloured = story.annotated.ladder(LadderLayout(isColoured: true))
    let green = coloured.split(separator: "\n").filter { $0.contains("\u{1B}[32m── SYN ─") }
    let red = coloured.split(separator: "\n").filter { $0.contains("\u{1B}[31m◀─") }
    #expect(green.count == 1 && red.count == 1)
    let stripped = ["32", "31", "0"].reduce(coloured) { text, code in
      text.replacing("\u{1B}[\(code)m", with: "")
    }
    #expect(stripped == plain)
  }

  @Test("ladder, 72 columns")
  func unicodeLadder() {
    #expect(
      story.annotated.ladder(LadderLayout(width: 72)) == """
        flow 0  192.0.2.1:40000 (client) → 198.51.100.2:80 (server)
                first captured 2023-11-14 22:13:20.000000000 UTC

          since first       client │                              │ server
         +0.000000000       CLOSED │── SYN ──────────────────────▶│ CLOSED
              frame 1     SYN-SENT │   SYN                        │ CLOSED
                                   │   seq 0 (1000), win 64240    │
                                   │   MSS 1460                   │
         +0.010000000     SYN-SENT │◀────────────────── RST,ACK ──│ CLOSED
              frame 2       CLOSED │   reset: the connection is   │ CLOSED
                                   │   refused                    │
                                   │   seq 0 (5000),              │
                                   │   ack 1 (1001), win 65160    │
                                   │                              │
             =  refused by the host: a reset answered the SYN (certain, by
                frames 1, 2)
             =  the reset came after 10.000 ms

        """)
  }

  @Test("text")
  func text() {
    #expect(
      story.annotated.lines() == """
        #1  +0.000000000  flow 0  192.0.2.1:40000 → 198.51.100.2:80  [SYN]  seq 0 (1000), win 64240\
          <MSS 1460>  | SYN | client CLOSED → SYN-SENT, server CLOSED | an active open sends SYN an\
        d enters SYN-SENT (RFC 9293 §3.10.1)
        #2  +0.010000000  flow 0  198.51.100.2:80 → 192.0.2.1:40000  [RST,ACK]  seq 0 (5000), ack 1\
         (1001), win 65160  | reset: the connection is refused | client SYN-SENT → CLOSED, server C\
        LOSED | a RST that acknowledges the SYN ends SYN-SENT (RFC 9293 §3.10.7.3, second)
        flow 0  192.0.2.1:40000 (client) → 198.51.100.2:80 (server)  refused by the host: a reset a\
        nswered the SYN (certain, by frames 1, 2); the reset came after 10.000 ms

        """)
  }

  @Test("jsonl")
  func jsonLines() {
    #expect(
      story.annotated.jsonLines == """
        {"schema":"halfopen.annotate/2","record":"packet","frame":1,"flow":0,"time_ns":170000000000\
        0000000,"since_first_ns":0,"sender":"client","source":"192.0.2.1:40000","destination":"198.\
        51.100.2:80","flags":"SYN","sequence":1000,"sequence_relative":0,"acknowledgment":null,"ack\
        nowledgment_relative":null,"window":64240,"data_octets":0,"options":{"mss":1460,"window_sca\
        le":null,"sack_permitted":false,"timestamp_value":null,"timestamp_echo":null,"others":""},"\
        checksum":"good","role":"syn","reason":"an active open sends SYN and enters SYN-SENT (RFC 9\
        293 §3.10.1)","gap_ns":null,"client_before":"CLOSED","client_after":"SYN-SENT","server_befo\
        re":"CLOSED","server_after":"CLOSED","stamp_unix_s":null,"remarks":[]}
        {"schema":"halfopen.annotate/2","record":"packet","frame":2,"flow":0,"time_ns":170000000001\
        0000000,"since_first_ns":10000000,"sender":"server","source":"198.51.100.2:80","destination\
        ":"192.0.2.1:40000","flags":"RST,ACK","sequence":5000,"sequence_relative":0,"acknowledgment\
        ":1001,"acknowledgment_relative":1,"window":65160,"data_octets":0,"options":{"mss":null,"wi\
        ndow_scale":null,"sack_permitted":false,"timestamp_value":null,"timestamp_echo":null,"other\
        s":""},"checksum":"good","role":"reset-refuses","reason":"a RST that acknowledges the SYN e\
        nds SYN-SENT (RFC 9293 §3.10.7.3, second)","gap_ns":null,"client_before":"SYN-SENT","client\
        _after":"CLOSED","server_before":"CLOSED","server_after":"CLOSED","stamp_unix_s":null,"rema\
        rks":[]}
        {"schema":"halfopen.annotate/2","record":"flow","flow":0,"client":"192.0.2.1:40000","server\
        ":"198.51.100.2:80","basis":"syn","verdict":"refused","confidence":"certain","evidence":[1,\
        2],"first_frame":1,"last_frame":2,"first_time_ns":1700000000000000000,"packets":2,"syns":1,\
        "syn_acks":0,"captured_twice":0,"client_isn":1000,"server_isn":null,"client_offer":{"mss":1\
        460,"window_scale":null,"sack_permitted":false,"timestamp_value":null,"timestamp_echo":null\
        ,"others":""},"server_offer":null,"agreed":null,"rtt_server_side_ns":null,"rtt_server_side_\
        by":null,"rtt_client_side_ns":null,"rtt_client_side_by":null,"rtt_ns":null,"refusal_ns":100\
        00000,"connect_ns":null,"fast_open_octets_taken":0,"reset_by":["server"],"captured_at":"unk\
        nown","stamp_unix_s":null,"checksums_left_to_card":0,"icmp_errors":[],"options_news":[],"sy\
        n_backoff":null,"syn_ack_backoff":null,"notices":[]}
        {"schema":"halfopen.annotate/2","record":"capture","frames":2,"tcp_packets":2,"flows":1,"le\
        ft_out":{}}

        """)
  }

  @Test("mermaid")
  func mermaid() {
    #expect(
      story.annotated.mermaid == """
        sequenceDiagram
          participant C0 as client 192.0.2.1:40000
          participant S0 as server 198.51.100.2:80
          C0->>S0: +0.000000000 SYN<br/>seq 0 (1000), win 64240
          Note over C0,S0: client CLOSED → SYN-SENT, server CLOSED
          S0->>C0: +0.010000000 reset: the connection is refused<br/>seq 0 (5000), ack 1 (1001), wi\
        n 65160
          Note over C0,S0: client SYN-SENT → CLOSED, server CLOSED
          Note over C0,S0: refused by the host: a reset answered the SYN (certain, by frames 1, 2)<\
        br/>the reset came after 10.000 ms

        """)
  }

  @Test("tsv")
  func tsv() {
    let rows = story.annotated.tsv.split(separator: "\n")
      .map { $0.split(separator: "\t").map(String.init) }
    #expect(
      rows == [
        [
          "#flow", "client", "server", "verdict", "confidence", "first_frame", "packets", "syns",
          "syn_acks", "client_isn", "server_isn", "rtt_server_side_ns", "rtt_client_side_ns",
          "rtt_ns",
          "rtt_by", "connect_ns", "mss_to_server", "mss_to_client", "window_scale_client",
          "window_scale_server", "sack", "timestamps", "reset_by", "stamp_unix_s",
        ],
        [
          "0", "192.0.2.1:40000", "198.51.100.2:80", "refused", "certain", "1", "2", "1", "0",
          "1000",
          "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "server", "-",
        ],
      ])
  }

  @Test("pcapng: the same packets, old comments of others kept, a second run changes nothing")
  func pcapng() {
    var packets = story.packets
    packets[0].comments = ["somebody else's"]
    let file = CommentedCopy.of(packets.asFile)
    let read = CaptureContents(reading: file)
    #expect(read.damage == nil)
    #expect(read.packets.map(\.bytes) == packets.map(\.bytes))
    #expect(read.packets.map(\.time) == packets.map(\.time))
    #expect(read.interfaces.map(\.name) == ["lo"])
    #expect(read.sections.map(\.application) == ["somebody"])
    #expect(
      read.packets.map(\.comments) == [
        [
          "halfopen: flow 0: SYN; seq 0 (1000), win 64240; "
            + "client CLOSED → SYN-SENT, server CLOSED; "
            + "an active open sends SYN and enters SYN-SENT (RFC 9293 §3.10.1)",
          "somebody else's",
        ],
        [
          "halfopen: flow 0: reset: the connection is refused; "
            + "seq 0 (5000), ack 1 (1001), win 65160; client SYN-SENT → CLOSED, server CLOSED; "
            + "a RST that acknowledges the SYN ends SYN-SENT (RFC 9293 §3.10.7.3, second); "
            + "as a whole: refused by the host: a reset answered the SYN "
            + "(certain, by frames 1, 2); the reset came after 10.000 ms"
        ],
      ])
    #expect(CommentedCopy.of(file) == file)
  }

  @Test("a lone SYN's row of the table is the same by the short way and by the long one")
  func loneSyn() {
    for options in [TCPOptions.none, .offer(7), TCPOptions(maximumSegmentSize: 536)] {
      var story = Story()
      story.client(0, .syn, 0, nil, options)
      var annotator = CaptureAnnotator(TableWriter.tsv)
      var short: [UInt8] = []
      annotator.begin(into: &short)
      for packet in story.packets {
        annotator.add(FrameFacts(packet), packet.bytes.span, into: &short)
      }
      annotator.finish(into: &short) { _ in }
      #expect(String(decoding: short, as: UTF8.self) == story.annotated.tsv)
    }
  }
}

extension [CapturedPacket] {
  /// The packets as a pcapng file of one interface.
  var asFile: [UInt8] {
    var file: [UInt8] = []
    var writer = PcapngWriter()
    writer.appendSection(CaptureSection(application: "somebody"), to: &file)
    _ = writer.appendInterface(
      CaptureInterface(linkType: first?.linkType ?? 101, name: "lo"), to: &file)
    for packet in self {
      writer.appendPacket(
        packet.bytes.span, at: packet.time ?? .zero, originalLength: packet.originalLength,
        comments: packet.comments, flags: packet.flags, to: &file)
    }
    return file
  }
}
