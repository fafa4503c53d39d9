import Handshake

extension TCPState? {
  /// The RFC's name, `?` when the state is not known.
  var name: String { self?.rawValue ?? "?" }
}
