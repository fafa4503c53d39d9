import ArgumentParser
import SynCookies
import Wire

/// Which connection a cookie is of.
struct CookieConnection: ParsableArguments {
  @Option(
    help: ArgumentHelp("The client's address and port.", valueName: "address:port"),
    transform: CookieArgument.endpoint)
  var client: Endpoint?

  @Option(
    help: ArgumentHelp("The listener's address and port.", valueName: "address:port"),
    transform: CookieArgument.endpoint)
  var server: Endpoint?

  @Option(
    help: ArgumentHelp("The client's initial sequence number.", valueName: "number"),
    transform: CookieArgument.sequence)
  var isn: SequenceNumber?

  /// The connection's name at the listener.
  ///
  /// - Throws: ``Failure`` naming the flag that is missing or does not fit.
  func tuple(of scheme: CookieSchemeName) throws(Failure) -> FourTuple {
    guard let client else { throw missing("--client", "192.0.2.1:12345") }
    guard let server else { throw missing("--server", "198.51.100.2:80") }
    switch (client.address, server.address) {
    case (.v4, .v4): break
    case (.v6, .v6):
      guard scheme != .onload else {
        throw Failure(.usage, "--client and --server must be IPv4: onload has no cookies for IPv6.")
      }
    case (.v4, .v6), (.v6, .v4):
      throw Failure(.usage, "--client and --server must be of one family, both IPv4 or both IPv6.")
    }
    return FourTuple(local: server, peer: client)
  }

  /// The client's initial sequence number; 0 where the scheme does not look at it.
  func initialSequence(of scheme: CookieSchemeName) throws(Failure) -> SequenceNumber {
    guard let isn else {
      guard scheme.facts.bindsInitialSequence else { return SequenceNumber(0) }
      throw missing("--isn", "0x11223344")
    }
    return isn
  }

  private func missing(_ flag: String, _ example: String) -> Failure {
    Failure(.usage, "\(flag) is missing, such as \(flag) \(example). See 'halfopen cookie --help'.")
  }
}
