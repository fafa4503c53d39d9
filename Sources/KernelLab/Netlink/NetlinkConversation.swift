import Glibc
import LinuxPacketIO

/// Requests to the kernel and its answers, one after the other.
final class NetlinkConversation {
  /// What a request asks of the kernel besides the work itself (`NLM_F_…`).
  enum Manner {
    /// Change something that exists.
    case change
    /// Make something that must not exist yet.
    case make
    /// Make something, or replace what is there.
    case replace
    /// Tell everything.
    case list

    var flags: UInt16 {
      switch self {
      case .change: 0x0001 | 0x0004
      case .make: 0x0001 | 0x0004 | 0x0400 | 0x0200
      case .replace: 0x0001 | 0x0004 | 0x0400 | 0x0100
      case .list: 0x0001 | 0x0300
      }
    }
  }

  private let socket: NetlinkSocket
  private var sequence: UInt32 = 0
  private var room = [UInt8](repeating: 0, count: 65_536)

  /// Begins a conversation about the network namespace of the calling thread.
  init(_ family: NetlinkSocket.Family) throws(SystemCallError) {
    socket = try NetlinkSocket(family)
  }

  /// Has the kernel do something.
  ///
  /// - Throws: ``SystemCallError`` with the kernel's own errno, named after `deed`.
  func request(
    _ type: UInt16, _ manner: Manner, _ deed: String, _ body: NetlinkBody
  ) throws(SystemCallError) {
    try converse(type, manner, deed, body) { _, _ in true }
  }

  /// Has the kernel tell one thing.
  ///
  /// - Throws: ``SystemCallError`` with the kernel's own errno, named after `deed`.
  func look(
    _ type: UInt16, _ deed: String, _ body: NetlinkBody,
    onMessage: (UInt16, NetlinkReading) -> Void
  ) throws(SystemCallError) {
    try converse(type, .change, deed, body) { kind, answer in
      onMessage(kind, answer)
      return true
    }
  }

  /// Has the kernel tell everything of a kind.
  ///
  /// - Parameters:
  ///   - type: The request's own type.
  ///   - deed: What it is for, to name an error after.
  ///   - body: What follows the header.
  ///   - onMessage: Is shown the type and the body of each message, and says whether it wants more.
  /// - Throws: ``SystemCallError`` with the kernel's own errno.
  func list(
    _ type: UInt16, _ deed: String, _ body: NetlinkBody,
    onMessage: (UInt16, NetlinkReading) -> Bool
  ) throws(SystemCallError) {
    try converse(type, .list, deed, body, onMessage: onMessage)
  }

  private static let error: UInt16 = 2
  private static let done: UInt16 = 3
  private static let interrupted: UInt16 = 0x10

  /// One request, and all that comes in answer.
  private func converse(
    _ type: UInt16, _ manner: Manner, _ deed: String, _ body: NetlinkBody,
    onMessage: (UInt16, NetlinkReading) -> Bool
  ) throws(SystemCallError) {
    sequence += 1
    var message = NetlinkBody()
    message.append(UInt32(16 + body.octets.count))
    message.append(type)
    message.append(manner.flags)
    message.append(sequence)
    message.append(UInt32(0))
    message.append(body.octets)
    try socket.send(message.octets)
    var isWanted = true
    while true {
      let count = try socket.receive(into: &room)
      var place = 0
      while place + 16 <= count {
        let header = NetlinkReading(octets: room[place..<count])
        let length = Int(header.number(at: 0, as: UInt32.self))
        guard length >= 16, place + length <= count else { break }
        let answer = NetlinkReading(octets: room[place + 16..<place + length])
        place += (length + 3) / 4 * 4
        // What was left over of an earlier request.
        guard header.number(at: 8, as: UInt32.self) == sequence else { continue }
        switch header.number(at: 4, as: UInt16.self) {
        case Self.error, Self.done:
          let code = CInt(truncatingIfNeeded: answer.number(at: 0, as: UInt32.self))
          guard code == 0 else { throw SystemCallError(call: deed, code: -code) }
          return
        case let kind:
          if isWanted { isWanted = onMessage(kind, answer) }
        }
      }
    }
  }
}
