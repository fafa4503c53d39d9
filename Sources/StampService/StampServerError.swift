/// Why a server could not start.
public enum StampServerError: Error, Hashable, Sendable {
  /// No address belongs to this name.
  case nameNotFound(String)
  /// Something listens there already.
  case addressInUse(String)
  /// The address is none of this machine's.
  case addressNotHere(String)
  /// The address is link-local, and belongs to no interface by itself.
  case interfaceMissing(String)
  /// The port is kept for privileged programs.
  case notPermitted(String)
  /// The system said something else.
  case system(String, reason: String)
}

extension StampServerError: CustomStringConvertible {
  /// One clause that names where the server was to listen.
  public var description: String {
    switch self {
    case .nameNotFound(let host): "no address is known for \(host)"
    case .addressInUse(let place): "cannot listen on \(place): something listens there already"
    case .addressNotHere(let place):
      "cannot listen on \(place): that address is none of this machine's"
    case .interfaceMissing(let place):
      "cannot listen on \(place): a link-local address needs its interface, as in fe80::1%eth0"
    case .notPermitted(let place):
      "cannot listen on \(place): ports below 1024 need CAP_NET_BIND_SERVICE"
    case .system(let place, let reason): "cannot listen on \(place): \(reason)"
    }
  }
}
