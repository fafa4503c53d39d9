import Foundation
import TestSupport
import Testing

@Suite("The notebooks")
struct NotebookRuns {
  /// The notebooks, and the README, whose pictures are output as well.
  static let pages = ["README.md"] + Checkout.files(under: "notebooks-md", endingIn: ".md")

  @Test("are found, and hold commands")
  func pagesAreFound() throws {
    #expect(Self.pages.count >= 3)
    for page in Self.pages {
      #expect(!Notebook(parsing: try Checkout.text(of: page)).exchanges.isEmpty, "\(page)")
    }
  }

  /// Pages that show what tshark says.
  static let pagesAboutTshark = ["notebooks-md/05-where-the-analysers-are-wrong.md"]

  /// Pages that show what scanners say, of listeners in namespaces.
  static let pagesAboutScanners = ["notebooks-md/08-asking-a-listener.md"]

  /// Pages that lose a chosen segment, between hosts in namespaces.
  static let pagesAboutLoss = ["notebooks-md/07-the-lost-final-ack.md"]

  private static let otherPages = pages.filter {
    !(pagesAboutTshark + pagesAboutScanners + pagesAboutLoss).contains($0)
  }

  @Test("print what they say they print", arguments: otherPages)
  func commandsPrintWhatIsWritten(page: String) async throws {
    try await run(page)
  }

  @Test(
    "print what they say tshark prints",
    .enabled(
      if: PeerTools.haveTshark40, "skipped, because tshark 4.0, editcap or python3 is not here"),
    arguments: pagesAboutTshark)
  func tsharkPrintsWhatIsWritten(page: String) async throws {
    try await run(page)
  }

  @Test(
    "print what they say scanners print",
    .enabled(if: PeerTools.haveScanners, "skipped, because nmap, hping3 or root is not here"),
    arguments: pagesAboutScanners)
  func scannersPrintWhatIsWritten(page: String) async throws {
    try await run(page)
  }

  @Test(
    "print what they say happens when a segment is lost",
    .enabled(if: PeerTools.canLoseSegments, "skipped, because nft or root is not here"),
    arguments: pagesAboutLoss)
  func lossPrintsWhatIsWritten(page: String) async throws {
    try await run(page)
  }

  private func run(_ page: String) async throws {
    let session = try await NotebookSession(running: Notebook(parsing: try Checkout.text(of: page)))
    if RecordMode.isOn {
      try session.updated.page.write(
        to: Checkout.root.appending(path: page), atomically: true, encoding: .utf8)
    } else {
      for difference in session.differences { Issue.record("\(page), \(difference)") }
    }
  }
}
