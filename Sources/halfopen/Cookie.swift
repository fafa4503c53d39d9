import ArgumentParser

/// The verbs that make, judge and take apart SYN cookies.
struct Cookie: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cookie",
    abstract: "Make, check and explain the SYN cookies of seven systems, bit for bit.",
    discussion: """
      A listener that remembers nothing of a SYN puts what it needs into the sequence number of its \
      answer. Every system does so in its own way; `halfopen cookie list` names them, and what each \
      must be told.

      EXAMPLES
        halfopen cookie list
        halfopen cookie make --scheme pf --client 192.0.2.1:12345 \\
          --server 198.51.100.2:80 --isn 0x11223344 --mss 1460 --wscale 7 \\
          --epoch 1 --key 101112131415161718191a1b1c1d1e1f
        halfopen cookie explain 0x3be52dc0 --scheme freebsd

      Numbers are decimal, or hexadecimal after 0x; keys, salts and nonces are hexadecimal octets \
      in the order of memory; IPv6 is written [address]:port.
      """,
    subcommands: [
      CookieList.self, CookieMake.self, CookieCheck.self, CookieExplain.self, CookieCount.self,
    ])

  /// How a result is printed.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
  }

  /// The first member of every JSON result.
  static var schema: (key: String, value: JSONValue) {
    ("schema", .string("halfopen.cookie/1"))
  }
}
