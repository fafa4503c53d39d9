import Foundation
import TestSupport
import Testing

@Suite("The notebooks")
struct NotebookRuns {
  static let pages = Checkout.files(under: "notebooks-md", endingIn: ".md")
    .filter { !$0.hasSuffix("README.md") }

  @Test("are found, and hold commands", .enabled(if: Checkout.contains("notebooks-md")))
  func pagesAreFound() throws {
    #expect(Self.pages.count >= 2)
    for page in Self.pages {
      #expect(!Notebook(parsing: try Checkout.text(of: page)).exchanges.isEmpty, "\(page)")
    }
  }

  @Test("print what they say they print", arguments: pages)
  func commandsPrintWhatIsWritten(page: String) throws {
    let session = try NotebookSession(running: Notebook(parsing: try Checkout.text(of: page)))
    if RecordMode.isOn {
      try session.updated.page.write(
        to: Checkout.root.appending(path: page), atomically: true, encoding: .utf8)
    } else {
      for difference in session.differences { Issue.record("\(page), \(difference)") }
    }
  }
}
