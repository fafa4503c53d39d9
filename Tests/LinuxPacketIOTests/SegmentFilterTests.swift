import Annotation
import Determinism
import LinuxPacketIO
import Testing
import Wire

@testable import halfopen

@Suite("Filters that mean the same whatever stands around a segment")
struct SegmentFilterTests {
  private static let client = IPAddress("192.0.2.1")
  private static let server6 = IPAddress("2001:db8::2")

  /// Filters of each kind, and of several together.
  static let filters: [SegmentFilter] = {
    let hosts = [client, server6].compactMap { $0 }
    return [
      SegmentFilter(.syn), SegmentFilter(.handshake), SegmentFilter(ports: [80]),
      SegmentFilter(ports: [443, 8_080]), SegmentFilter(hosts: hosts),
      SegmentFilter(hosts: Array(hosts.prefix(1))), SegmentFilter(hosts: Array(hosts.suffix(1))),
      SegmentFilter(.syn, ports: [80], hosts: hosts),
      SegmentFilter(.handshake, ports: [80, 443], hosts: Array(hosts.suffix(1))),
    ]
  }()

  @Test("let the same segments pass behind all headers", arguments: filters)
  func sameEverywhere(filter: SegmentFilter) throws {
    for segment in try WrappedSegment.all() {
      let frames = segment.frames()
      let expected = passes(filter, frames[0].frame)
      for (wrapping, frame) in frames {
        #expect(passes(filter, frame) == expected, "\(segment.name) in \(wrapping)")
      }
    }
  }

  @Test(
    "in the kernel drop no packet that passes, and of plain ones all that do not",
    arguments: filters)
  func kernel(filter: SegmentFilter) throws {
    let kernel = try PacketFilter(filter.kernelExpression)
    for segment in try WrappedSegment.all() {
      for (wrapping, frame) in segment.frames() {
        let isKept = kernel.accepts(frame.span)
        if passes(filter, frame) {
          #expect(isKept, "\(segment.name) in \(wrapping)")
        } else if wrapping == "plain", segment.name != "port unreachable", segment.name != "echo" {
          #expect(!isKept, "\(segment.name)")
        }
      }
    }
  }

  @Test("a SYN is what has SYN; a handshake is what opens, refuses, ends or only acknowledges")
  func parts() throws {
    let segments = try WrappedSegment.all()
    func names(_ filter: SegmentFilter) -> [String] {
      segments.filter { passes(filter, $0.frames()[0].frame) }.map(\.name)
    }
    let each = ["IPv4", "IPv6"]
    #expect(
      names(SegmentFilter(.syn))
        == each.flatMap { ["\($0) SYN 0", "\($0) SYN,ACK 0", "\($0) SYN 20", "\($0) SYN to 443"] })
    #expect(
      names(SegmentFilter(.handshake))
        == each.flatMap {
          [
            "\($0) SYN 0", "\($0) SYN,ACK 0", "\($0) ACK 0", "\($0) FIN,ACK 10", "\($0) RST 0",
            "\($0) SYN 20", "\($0) SYN to 443",
          ]
        } + ["port unreachable"])
    #expect(names(SegmentFilter(ports: [443])) == each.map { "\($0) SYN to 443" })
    // The error goes with the segment that it is about.
    #expect(names(SegmentFilter(ports: [80])).suffix(2) == ["UDP", "port unreachable"])
    #expect(names(SegmentFilter()).count == segments.count)
  }

  @Test("each fragment of a packet passes, so that it can be joined")
  func fragments() throws {
    var sieve = PacketSieve(SegmentFilter(.syn), linkType: 1)
    var first = try WrappedSegment.all()[3].frames()[0].frame
    first[20] = 0x20
    var second = first
    second.replaceSubrange(20..<22, with: [0, 15])
    let firstPasses = sieve.passes(facts(of: first), first.span)
    let secondPasses = sieve.passes(facts(of: second), second.span)
    #expect(firstPasses && secondPasses)
  }

  private func passes(_ filter: SegmentFilter, _ frame: [UInt8]) -> Bool {
    var sieve = PacketSieve(filter, linkType: 1)
    return sieve.passes(facts(of: frame), frame.span)
  }

  private func facts(of frame: [UInt8]) -> PacketFacts {
    PacketFacts(time: .zero, originalLength: frame.count)
  }
}
