public import Wire

/// A change that something on the way made to a SYN.
///
/// It is certain only where the segment was seen twice: captured at both ends, or as it was sent and
/// as an ICMP error quotes it. Of one sighting only guesses are to be had, which ``SegmentSizeHint``
/// makes.
public enum PathChange: Hashable, Sendable {
  /// The MSS was lowered to fit a tunnel, or raised.
  case maximumSegmentSize(sent: UInt16, arrived: UInt16)
  /// An option was taken out: made into padding, or left out.
  case removed(String)
  /// An option was put in.
  case added(String)
  /// An option's value was changed.
  case changed(String)
}

extension PathChange {
  /// Compares a segment's options as sent and as they arrived or were quoted.
  ///
  /// - Parameters:
  ///   - sent: As captured nearer to the sender.
  ///   - arrived: As captured further away, or as quoted.
  ///   - isWhole: Whether the quote reaches to the end of the options; where it does not, what is
  ///     missing is not taken for removed.
  /// - Returns: The changes, in the order of ``TCPOptions``' fields; none for equal options.
  public static func between(
    sent: TCPOptions, arrived: TCPOptions, isWhole: Bool = true
  ) -> [Self] {
    var changes: [Self] = []
    switch (sent.maximumSegmentSize, arrived.maximumSegmentSize) {
    case (let before?, let after?):
      if before != after { changes.append(.maximumSegmentSize(sent: before, arrived: after)) }
    case (.some, nil): changes.append(.removed("MSS"))
    case (nil, .some): changes.append(.added("MSS"))
    case (nil, nil): break
    }
    compare("window scale", sent.windowScale, arrived.windowScale, into: &changes)
    compare(
      "SACK permitted", sent.sackPermitted ? true : nil, arrived.sackPermitted ? true : nil,
      into: &changes)
    compare("timestamps", sent.timestamps, arrived.timestamps, into: &changes)
    for option in sent.others where !arrived.others.contains(option) {
      let same = arrived.others.contains { $0.name == option.name }
      changes.append(same ? .changed(option.name) : .removed(option.name))
    }
    for option in arrived.others
    where !sent.others.contains(where: { $0.name == option.name }) {
      changes.append(.added(option.name))
    }
    return isWhole ? changes : changes.filter { !$0.isRemoval }
  }

  private static func compare<Value: Equatable>(
    _ name: String, _ sent: Value?, _ arrived: Value?, into changes: inout [Self]
  ) {
    switch (sent, arrived) {
    case (let before?, let after?): if before != after { changes.append(.changed(name)) }
    case (.some, nil): changes.append(.removed(name))
    case (nil, .some): changes.append(.added(name))
    case (nil, nil): break
    }
  }

  private var isRemoval: Bool {
    switch self {
    case .removed: true
    case .maximumSegmentSize, .added, .changed: false
    }
  }
}

extension TCPOption {
  fileprivate var name: String {
    switch self {
    case .sack: "SACK"
    case .fastOpen: "Fast Open"
    case .unknown(kind: 30, _): "MPTCP"
    case .unknown(kind: 19, _): "MD5 signature"
    case .unknown(kind: 29, _): "authentication"
    case .unknown(let kind, _): "option of kind \(kind)"
    }
  }
}

extension PathChange: CustomStringConvertible {
  /// A clause for a person.
  public var description: String {
    switch self {
    case .maximumSegmentSize(let sent, let arrived):
      "MSS \(arrived < sent ? "clamped" : "raised") from \(sent) to \(arrived)"
    case .removed(let name): "\(name) removed"
    case .added(let name): "\(name) added"
    case .changed(let name): "\(name) changed"
    }
  }
}

/// What an announced MSS lets one guess of the path: its size and what lies under it.
public enum SegmentSizeHint: Hashable, Sendable {
  /// Ethernet's 1500 octets, untouched.
  case ethernet
  /// PPPoE takes 8 octets of it.
  case pppoe
  /// The loopback interface's 65536.
  case loopback
  /// Frames of 9000 octets.
  case jumbo
  /// A tunnel or a clamp: what is missing from 1500.
  case clamped(octets: UInt16)
  /// The family's default, or less.
  case small
  /// Anything else.
  case other

  /// Reads an MSS announced over this family, whose headers take 40 or 60 octets.
  public init(_ size: UInt16, isVersion6: Bool) {
    let packet = Int(size) + (isVersion6 ? 60 : 40)
    self =
      switch packet {
      case 1_500: .ethernet
      case 1_492: .pppoe
      case 65_535...: .loopback
      case 8_900...9_216: .jumbo
      case ...(isVersion6 ? 1_280 : 576): .small
      case ..<1_500: .clamped(octets: UInt16(1_500 - packet))
      default: .other
      }
  }
}

extension SegmentSizeHint: CustomStringConvertible {
  /// A clause for a person.
  public var description: String {
    switch self {
    case .ethernet: "as on Ethernet"
    case .pppoe: "as over PPPoE"
    case .loopback: "as on the loopback interface"
    case .jumbo: "as with jumbo frames"
    case .clamped(let octets): "\(octets) octets less than on Ethernet: a tunnel or a clamp"
    case .small: "the family's smallest"
    case .other: "of no usual link"
    }
  }
}
