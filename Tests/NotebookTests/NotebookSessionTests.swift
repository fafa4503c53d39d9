import Foundation
import TestSupport
import Testing

@Suite("Running a notebook")
struct NotebookSessionTests {
  @Test("a page that is right has no differences, and is left as it is")
  func rightPagePasses() async throws {
    let page = """
      ```console
      $ printf 'one\\ntwo\\n' | tee numbers; echo problem >&2
      one
      ...
      problem
      $ cat numbers && exit 3
      one
      t...
      [exit status 3]
      ```
      """
    let session = try await NotebookSession(running: Notebook(parsing: page))
    #expect(session.differences.isEmpty)
    #expect(session.updated.page == page)
  }

  @Test("a page that is wrong says where and how, and is put right")
  func wrongPageFails() async throws {
    let page = "Prose\n```console\n$ echo 128 entries\n127 entries\n```"
    let session = try await NotebookSession(running: Notebook(parsing: page))
    #expect(
      session.differences == ["line 3: $ echo 128 entries\n- 127 entries\n+ 128 entries"])
    #expect(session.updated.page == page.replacing("127 entries", with: "128 entries"))
  }

  @Test("the program that a page calls is the one that was built")
  func programIsFound() async throws {
    let page = "```console\n$ command -v halfopen\n\(ShellCommand.program.path)\n```"
    let session = try await NotebookSession(running: Notebook(parsing: page))
    #expect(session.differences.isEmpty)
  }
}
