import ArgumentParser
import DatagramDemos
import Wire

/// Sends one record.
struct DatagramSend: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "send",
    abstract: "Send a name and two scores in one datagram.",
    discussion: """
      Nobody says whether a datagram arrived, so this ends with 0 once it has left. HOST may be a \
      host, a broadcast address (with --broadcast) or a group, 224.0.0.0/4 or ff00::/8.

        halfopen datagram send 127.0.0.1 Ada --math 91 --chinese 88
        halfopen datagram send ::1 'A. Lovelace' --math 91 --chinese 88 --variable
        halfopen datagram send 192.0.2.255 Ada --math 91 --chinese 88 --broadcast
        halfopen datagram send 239.1.2.3 Ada --math 9 --chinese 8 --interface eth0
        halfopen datagram send ff02::8089%eth0 Ada --math 9 --chinese 8 --no-loop

      Without a route it ends with 1, with a wrong name or address with 2, and says what helps.
      """)

  @Argument(help: "The receiver: a name or an address of either family.")
  var host: String

  @Argument(help: "The name in the record: up to 12 octets of UTF-8, or 496 with --variable.")
  var name: String

  @Option(parsing: .unconditional, help: "The score in mathematics: a whole number of 32 bits.")
  var math: Int32

  @Option(parsing: .unconditional, help: "The score in Chinese: a whole number of 32 bits.")
  var chinese: Int32

  @Option(help: "The receiver's port.")
  var port = ScoreSender.defaultPort

  @Flag(help: "Send the variable form: the scores, then the name as long as it is.")
  var variable = false

  @Flag(help: "Allow a broadcast address: 255.255.255.255, or the last one of a subnet.")
  var broadcast = false

  @Option(help: "The interface to leave by; for groups, broadcasts and link-local addresses.")
  var interface: String?

  @Option(help: "How many links a datagram to a group may cross: TTL or hop limit, 0 to 255.")
  var ttl: UInt8 = 1

  @Flag(inversion: .prefixedNo, help: "Let receivers on this machine hear the group as well.")
  var loop = true

  func validate() throws {
    guard port > 0 else { throw ValidationError("--port must be at least 1, not 0.") }
  }

  func run() async throws {
    let record = ScoreRecord(name: name, math: math, chinese: chinese)
    let octets: [UInt8]
    do throws(ScoreNameError) {
      octets = try record.octets(as: variable ? .variable : .fixed)
    } catch {
      let advice = !variable && name.utf8.count <= ScoreRecord.Form.variable.nameLimit
      throw Failure(.usage, "the name \(error)\(advice ? "; --variable has more" : "").")
    }
    do throws(DatagramFailure) {
      let peer = try await ScoreSender.send(
        octets, to: host, port: port, mayBroadcast: broadcast,
        multicast: MulticastSettings(interface: interface, hopLimit: ttl, loopsBack: loop))
      StandardError.write("\(octets.count) octets sent to \(peer)\n")
    } catch {
      throw Failure(Datagram.status(of: error), "\(error).")
    }
  }
}
