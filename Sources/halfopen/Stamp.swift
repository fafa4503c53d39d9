import ArgumentParser

/// The bundled stamp server and its client.
struct Stamp: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stamp",
    abstract: "Serve the Unix time over TCP, or ask a server for it.",
    discussion: """
      A connection to shake hands about: the server sends the Unix time in decimal and CRLF, and \
      closes.

        halfopen stamp serve --address 127.0.0.1
        halfopen stamp get 127.0.0.1
      """,
    subcommands: [StampServe.self, StampGet.self])
}
