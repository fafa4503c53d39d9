import ArgumentParser
import LinuxPacketIO
import SynCookies
import Wire

/// Draws a cookie's bits and says what each field means.
struct CookieExplain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Draw the bits of a cookie, and say what can be read in them.",
    discussion: """
      VALUE is the cookie. Some schemes show much to anybody, some nothing: give no key to see what \
      a stranger sees, or --client, --server, --isn and all that the scheme is told to see the rest.

      EXAMPLES
        halfopen cookie explain 0x3be52dc0 --scheme freebsd
        halfopen cookie explain 0xe7651ad3 --scheme bernstein --isn 0x11223344
        halfopen cookie explain 0xf675d865 --scheme linux --client 192.0.2.1:12345 \\
          --server 198.51.100.2:80 --isn 0x11223344 --count 71578 \\
          --key 000102030405060708090a0b0c0d0e0f --key 101112131415161718191a1b1c1d1e1f
      """)

  @Argument(help: "The cookie.", transform: CookieArgument.sequence)
  var value: SequenceNumber

  @Option(
    help: ArgumentHelp("Which scheme: see 'halfopen cookie list'.", valueName: "name"),
    transform: CookieArgument.scheme)
  var scheme: CookieSchemeName

  @OptionGroup(title: "The connection") var connection: CookieConnection

  @OptionGroup(title: "What the scheme is told") var inputs: CookieInputs

  @Option(help: "How to print: text, or json.")
  var format = Cookie.Format.text

  func run() throws {
    let known = try known()
    let anatomy = CookieAnatomy(of: value.rawValue, scheme: scheme, known: known)
    switch format {
    case .text:
      let isColoured = Terminal.isTerminal(1) && LadderOptions.wantsColour
      StandardOutput.write(text(of: anatomy, known: known, isColoured: isColoured))
    case .json: StandardOutput.write(json(of: anatomy, known: known).text + "\n")
    }
  }

  /// All or nothing: half of the keys explain no more than none, and look like more.
  private func known() throws(Failure) -> CookieAnatomy.Knowledge {
    var known = CookieAnatomy.Knowledge(initialSequence: connection.isn)
    guard !inputs.isEmpty || connection.client != nil || connection.server != nil else {
      return known
    }
    let tuple = try connection.tuple(of: scheme)
    let isn = try connection.initialSequence(of: scheme)
    var cookies = try inputs.cookies(of: scheme)
    let back = CookieReturn(tuple: tuple, cookie: value, initialSequence: isn)
    known.verdict = cookies.check(back, at: inputs.present(of: scheme))
    known.tuple = tuple
    known.initialSequence = isn
    known.cookies = cookies
    return known
  }

  private func text(
    of anatomy: CookieAnatomy, known: CookieAnatomy.Knowledge, isColoured: Bool
  ) -> String {
    let number = CookieText.hexadecimal(value.rawValue)
    var sections = ["\(number) as a cookie of \(scheme.rawValue): \(scheme.facts.composition)\n"]
    if anatomy.terms.count > 1 {
      sections.append(
        anatomy.terms.map { term in
          "\(term.sign) \(CookieText.hexadecimal(term.number))  \(term.meaning)\n"
        }.joined())
    }
    sections.append(CookieDrawing(anatomy: anatomy, isColoured: isColoured).text)
    let width = anatomy.readings.map(\.field.name.count).max() ?? 0
    sections.append(
      anatomy.readings.map { reading in
        let said = reading.said.map { ": \($0)" } ?? ""
        return "\(reading.field.name.padded(to: width))  \(reading.field.meaning)\(said)\n"
      }.joined())
    if let unread = anatomy.unread { sections.append(unread + "\n") }
    if let verdict = known.verdict { sections.append(CookieText.sentence(verdict) + "\n") }
    return sections.joined(separator: "\n")
  }

  private func json(of anatomy: CookieAnatomy, known: CookieAnatomy.Knowledge) -> JSONValue {
    .object(
      [
        Cookie.schema, ("scheme", .string(scheme.rawValue)),
        ("cookie", .string(CookieText.hexadecimal(value.rawValue))),
        ("fields_number", .string(CookieText.hexadecimal(anatomy.drawn))),
        (
          "fields",
          .array(
            anatomy.readings.map { reading in
              .object([
                ("name", .string(reading.field.name)), ("bits", .integer(reading.field.width)),
                ("value", .integer(Int(reading.value))),
                ("meaning", .string(reading.field.meaning)),
                ("said", reading.said.map(JSONValue.string) ?? .null),
              ])
            })
        ),
        ("unread", anatomy.unread.map(JSONValue.string) ?? .null),
      ] + (known.verdict.map(CookieText.json(of:)) ?? []))
  }
}
