import ArgumentParser
import SynCookies
import Wire

/// Judges a cookie that came back.
struct CookieCheck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Judge a cookie that came back, and say what it remembers.",
    discussion: """
      VALUE is the cookie, one less than the acknowledgment number of the ACK; --isn is one less \
      than its sequence number.

      EXAMPLES
        halfopen cookie check 0xf675d865 --scheme linux --client 192.0.2.1:12345 \\
          --server 198.51.100.2:80 --isn 0x11223344 --count 71579 \\
          --key 000102030405060708090a0b0c0d0e0f --key 101112131415161718191a1b1c1d1e1f
        halfopen cookie check 0x42b9c72e --scheme onload --client 192.0.2.1:12345 \\
          --server 198.51.100.2:80 --count 6 --salt 000102030405060708090a0b0c0d0e0f

      Exit status: 0 when it is accepted, 1 when it is refused.
      """)

  @Argument(help: "The cookie.", transform: CookieArgument.sequence)
  var value: SequenceNumber

  @Option(
    help: ArgumentHelp("Which scheme: see 'halfopen cookie list'.", valueName: "name"),
    transform: CookieArgument.scheme)
  var scheme: CookieSchemeName

  @OptionGroup(title: "The connection") var connection: CookieConnection

  @Option(
    help: ArgumentHelp("The ACK's TSval; it then has timestamps.", valueName: "number"),
    transform: CookieArgument.word)
  var tsval: UInt32?

  @Option(
    help: ArgumentHelp(
      "The ACK's TSecr, less the connection's own offset; it then has timestamps.",
      valueName: "number"),
    transform: CookieArgument.word)
  var tsecr: UInt32?

  @OptionGroup(title: "What the scheme is told") var inputs: CookieInputs

  @Option(help: "How to print: text, or json.")
  var format = Cookie.Format.text

  func run() throws {
    let back = CookieReturn(
      tuple: try connection.tuple(of: scheme), cookie: value,
      initialSequence: try connection.initialSequence(of: scheme),
      timestamps: tsval == nil && tsecr == nil
        ? nil : TCPTimestamps(value: tsval ?? 0, echoReply: tsecr ?? 0))
    var cookies = try inputs.cookies(of: scheme)
    let verdict = cookies.check(back, at: inputs.present(of: scheme))
    switch format {
    case .text: StandardOutput.write(CookieText.sentence(verdict) + "\n")
    case .json:
      let result = JSONValue.object(
        [
          Cookie.schema, ("scheme", .string(scheme.rawValue)),
          ("client", .string(back.tuple.peer.description)),
          ("server", .string(back.tuple.local.description)),
          ("cookie", .string(CookieText.hexadecimal(value.rawValue))),
        ] + CookieText.json(of: verdict))
      StandardOutput.write(result.text + "\n")
    }
    if !verdict.isValid { throw ExitCode(ExitStatus.expectationFailed.rawValue) }
  }
}
