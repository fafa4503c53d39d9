/// Why a capture could not begin or go on.
public enum CaptureError: Error, Hashable, Sendable {
  /// No interface has this name.
  case noSuchInterface(String)
  /// The interface exists, and is down.
  case interfaceDown(String)
  /// The interface was there when the capture began, and has been removed.
  case interfaceRemoved(String)
  /// CAP_NET_RAW is missing; the call that was refused.
  case notPermitted(call: String)
  /// The filter is not one.
  case badFilter(FilterError)
  /// The ring does not know this kind of link, by its ARPHRD number; libpcap may.
  case unknownLink(hardwareType: UInt16)
  /// The kernel refused something else.
  case system(SystemCallError)
  /// libpcap refused something else; its own words.
  case libpcap(String)

  /// Sorts a system call's error into permission and the rest.
  init(_ error: SystemCallError) {
    self = error.isPermission ? .notPermitted(call: error.call) : .system(error)
  }
}

/// A filter that libpcap does not accept.
public struct FilterError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The filter.
  public let expression: String
  /// What libpcap says of it.
  public let reason: String
  /// The longest beginning, in whole words, that is a filter by itself; empty when there is none.
  ///
  /// libpcap says what is wrong and not where; the trouble lies in what follows this.
  public let accepted: String

  /// The filter, where the trouble begins as a column from 1, and libpcap's reason.
  public var description: String {
    "\(reason) in the filter \"\(expression)\", \(position)"
  }

  private var position: String {
    accepted.isEmpty
      ? "from its first word on"
      : "after \"\(accepted)\" (column \(accepted.count + 1))"
  }
}
