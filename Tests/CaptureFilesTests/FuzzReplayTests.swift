import Foundation
import FuzzChecks
import TestSupport
import Testing

@Suite("What fuzzing found, and its corpus")
struct FuzzReplayTests {
  @Test("the corpora are there")
  func corpora() throws {
    #expect(try inputs("Corpora/link").count > 50)
    #expect(try inputs("Corpora/reader").count > 100)
  }

  @Test("breaks no promise of the link decoder any more")
  func link() throws {
    for (name, octets) in try inputs("Corpora/link") + inputs("Found/link") {
      #expect(LinkCheck.complaint(about: octets.span) == nil, "\(name)")
    }
  }

  @Test("breaks no promise of whoever follows flows")
  func tracker() throws {
    for (name, octets) in try inputs("Corpora/tracker") + inputs("Found/tracker") {
      #expect(TrackerCheck.complaint(about: octets.span) == nil, "\(name)")
    }
  }

  @Test("breaks no promise of the readers any more, in any way of reading")
  func reader() throws {
    for (name, octets) in try inputs("Corpora/reader") + inputs("Found/reader") {
      for way in 0..<8 as Range<UInt8> {
        let input = Array(octets.dropLast()) + [way | way << 4]
        #expect(ReaderCheck.complaint(about: input.span) == nil, "\(name), way \(way)")
      }
    }
  }

  private func inputs(_ folder: String) throws -> [(name: String, octets: [UInt8])] {
    let root = Checkout.root.appending(path: "Fuzz").appending(path: folder)
    let names = try FileManager.default.contentsOfDirectory(atPath: root.path).sorted()
    return try names.filter { !$0.hasPrefix(".") }.map { name in
      (name, Array(try Data(contentsOf: root.appending(path: name))))
    }
  }
}
