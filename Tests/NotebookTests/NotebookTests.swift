import TestSupport
import Testing

@Suite("A notebook")
struct NotebookTests {
  static let page = """
    # Title

    Prose with `$ no command`.

    ```console
    $ halfopen one
    first
    > not a continuation

    last
    $ halfopen two \\
    >   --more
    ```

    ```sh
    $ not run
    ```
    ```console
    $ true
    ```

    """

  @Test("is read into its commands and what each is to print")
  func readsExchanges() {
    let exchanges = Notebook(parsing: Self.page).exchanges
    #expect(exchanges.map(\.command) == ["halfopen one", "halfopen two \\\n  --more", "true"])
    #expect(exchanges.map(\.line) == [6, 11, 19])
    #expect(exchanges.map(\.expected) == [["first", "> not a continuation", "", "last"], [], []])
  }

  @Test("is written as it was read")
  func writesWhatItRead() {
    #expect(Notebook(parsing: Self.page).page == Self.page)
    for page in NotebookRuns.pages {
      let text = try? Checkout.text(of: page)
      #expect(text == text.map { Notebook(parsing: $0).page }, "\(page)")
    }
  }

  @Test("that breaks off within a block is read to its end")
  func readsUnclosedBlocks() {
    let notebook = Notebook(parsing: "```console\n$ one\nout")
    #expect(notebook.exchanges.map(\.expected) == [["out"]])
    #expect(Notebook(parsing: "").exchanges.isEmpty)
    #expect(Notebook(parsing: "```console\nno command\n```").exchanges.isEmpty)
  }
}
