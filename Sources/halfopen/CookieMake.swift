import ArgumentParser
import SynCookies
import Wire

/// Makes the cookie that answers a SYN.
struct CookieMake: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "make",
    abstract: "Make the cookie that answers a SYN.",
    discussion: """
      EXAMPLES
        halfopen cookie make --scheme linux --client 192.0.2.1:12345 \\
          --server 198.51.100.2:80 --isn 0x11223344 --mss 1460 --count 71578 \\
          --key 000102030405060708090a0b0c0d0e0f --key 101112131415161718191a1b1c1d1e1f
        halfopen cookie make --scheme onload --client 192.0.2.1:12345 \\
          --server 198.51.100.2:80 --mss 1460 --count 5 \\
          --salt 000102030405060708090a0b0c0d0e0f --format json

      An option that is not given is not in the SYN.
      """)

  @Option(
    help: ArgumentHelp("Which scheme: see 'halfopen cookie list'.", valueName: "name"),
    transform: CookieArgument.scheme)
  var scheme: CookieSchemeName

  @OptionGroup(title: "The connection") var connection: CookieConnection

  @Option(
    help: ArgumentHelp("The SYN's MSS.", valueName: "octets"),
    transform: CookieArgument.segmentSize)
  var mss: UInt16?

  @Option(
    help: ArgumentHelp("The SYN's window scale.", valueName: "number"),
    transform: CookieArgument.windowScale)
  var wscale: UInt8?

  @Flag(help: "The SYN permits selective acknowledgments.")
  var sack = false

  @Flag(help: "The SYN has timestamps.")
  var timestamps = false

  @Option(
    help: ArgumentHelp("The SYN's TSval; it then has timestamps.", valueName: "number"),
    transform: CookieArgument.word)
  var tsval: UInt32?

  @Flag(help: "The SYN asks for explicit congestion notification.")
  var ecn = false

  @OptionGroup(title: "What the scheme is told") var inputs: CookieInputs

  @Option(help: "How to print: text, or json.")
  var format = Cookie.Format.text

  func run() throws {
    let request = try request()
    var cookies = try inputs.cookies(of: scheme)
    let now = inputs.present(of: scheme)
    let made = cookies.make(for: request, at: now)
    let echo =
      made.kept.timestamps
      ? TCPTimestamps(value: tsval ?? 0, echoReply: made.timestampValue ?? 0) : nil
    let verdict = cookies.check(
      CookieReturn(
        tuple: request.tuple, cookie: made.sequence, initialSequence: request.initialSequence,
        timestamps: echo), at: now)
    switch format {
    case .text: StandardOutput.write(text(of: made, request: request, verdict: verdict))
    case .json: StandardOutput.write(json(of: made, request: request, verdict: verdict).text + "\n")
    }
  }

  private func request() throws(Failure) -> CookieRequest {
    CookieRequest(
      tuple: try connection.tuple(of: scheme),
      initialSequence: try connection.initialSequence(of: scheme),
      options: TCPOptions(
        maximumSegmentSize: mss, windowScale: wscale, sackPermitted: sack,
        timestamps: timestamps || tsval != nil
          ? TCPTimestamps(value: tsval ?? 0, echoReply: 0) : nil),
      offersEcn: ecn)
  }

  private func text(
    of made: MadeCookie, request: CookieRequest, verdict: CookieVerdict
  ) -> String {
    let number = made.sequence.rawValue
    var lines = ["cookie   \(CookieText.hexadecimal(number))"]
    let acknowledged = connection.isn.map { ", ack \(($0 + 1).rawValue)" } ?? ""
    lines.append(
      "SYN-ACK  seq \(number)\(acknowledged); may answer \(CookieText.list(of: made.kept))")
    if let value = made.timestampValue {
      lines.append("         TSval \(value), plus the connection's own offset")
    }
    lines.append("ACK      ack \((made.sequence + 1).rawValue); \(CookieText.sentence(verdict))")
    return lines.joined(separator: "\n") + "\n"
  }

  private func json(
    of made: MadeCookie, request: CookieRequest, verdict: CookieVerdict
  ) -> JSONValue {
    .object(
      [
        Cookie.schema, ("scheme", .string(scheme.rawValue)),
        ("client", .string(request.tuple.peer.description)),
        ("server", .string(request.tuple.local.description)),
        (
          "isn",
          connection.isn.map { .string(CookieText.hexadecimal($0.rawValue)) } ?? .null
        ),
        ("cookie", .string(CookieText.hexadecimal(made.sequence.rawValue))),
        ("sequence", .integer(Int(made.sequence.rawValue))),
        ("acknowledgment", .integer(Int((made.sequence + 1).rawValue))),
        ("timestamp_value", CookieText.optional(made.timestampValue)),
        (
          "kept",
          .object([
            ("window_scale", .boolean(made.kept.windowScale)), ("sack", .boolean(made.kept.sack)),
            ("timestamps", .boolean(made.kept.timestamps)), ("ecn", .boolean(made.kept.ecn)),
          ])
        ),
      ] + CookieText.json(of: verdict))
  }
}
