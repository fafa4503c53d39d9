import ArgumentParser
import DatagramDemos

/// Real datagrams on real sockets.
struct Datagram: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "datagram",
    abstract: "Send UDP datagrams to a host, a subnet or a group, receive them, trace their way.",
    discussion: """
      A datagram here carries a name and two scores, in one of two forms that are C structs without \
      padding: fixed (a name of 13 octets with its NUL, then the scores) and variable (the scores, \
      then the name up to the end). A file goes across in as many datagrams as it takes.

        halfopen datagram receive
        halfopen datagram send 127.0.0.1 Ada --math 91 --chinese 88
        halfopen datagram trace 127.0.0.1
        halfopen datagram receive-file
        halfopen datagram transfer FILE 127.0.0.1
      """,
    subcommands: [
      DatagramReceive.self, DatagramSend.self, DatagramTrace.self, DatagramTransfer.self,
      DatagramReceiveFile.self,
    ])

  /// What a failure to send or receive ends the program with.
  static func status(of failure: DatagramFailure) -> ExitStatus {
    switch failure {
    case .nameNotFound, .noRoute, .forbidden: .expectationFailed
    case .noInterface, .interfaceNeeded, .noGroup, .severalHosts, .addressNotHere,
      .broadcastNotAskedFor:
      .usage
    case .portNotPermitted: .permission
    case .addressInUse, .system: .resources
    case .interfaceWithoutAddress, .interfaceWithoutIPv6: .unsupported
    }
  }
}
