/// The control bits of a TCP header, without AE, which sits in the octet before (RFC 9293 §3.1).
public struct TCPFlags: OptionSet, Hashable, Sendable {
  /// The octet as it stands on the wire: CWR ECE URG ACK PSH RST SYN FIN, high bit first.
  public let rawValue: UInt8

  /// Creates the set with these bits.
  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// No more data from the sender.
  public static let fin = Self(rawValue: 0x01)
  /// Synchronize sequence numbers.
  public static let syn = Self(rawValue: 0x02)
  /// Reset the connection.
  public static let rst = Self(rawValue: 0x04)
  /// Push function.
  public static let psh = Self(rawValue: 0x08)
  /// The acknowledgment field is significant.
  public static let ack = Self(rawValue: 0x10)
  /// The urgent pointer field is significant.
  public static let urg = Self(rawValue: 0x20)
  /// ECN-Echo (RFC 3168 §6.1).
  public static let ece = Self(rawValue: 0x40)
  /// Congestion window reduced (RFC 3168 §6.1).
  public static let cwr = Self(rawValue: 0x80)
}

extension TCPFlags: CustomStringConvertible {
  /// The names of the bits, as RFC 9293 spells them: `SYN,ACK`, or `none`.
  public var description: String {
    let names: [(TCPFlags, String)] = [
      (.syn, "SYN"), (.fin, "FIN"), (.rst, "RST"), (.psh, "PSH"), (.ack, "ACK"), (.urg, "URG"),
      (.ece, "ECE"), (.cwr, "CWR"),
    ]
    let set = names.filter { contains($0.0) }.map(\.1)
    return set.isEmpty ? "none" : set.joined(separator: ",")
  }
}
