import CLinuxPacketIO
import Glibc

/// The addresses that a name stands for.
public enum NameLookup {
  /// Asks the system's resolver (getaddrinfo(3)).
  ///
  /// - Parameter name: A host's name, or an address.
  /// - Returns: The addresses as they stand on the wire, 4 octets or 16, in the resolver's order, each
  ///   once; none where the name is not known.
  /// - Throws: ``NameLookupError`` when the resolver cannot tell.
  public static func addresses(of name: String) throws(NameLookupError) -> [[UInt8]] {
    var hints = unsafe addrinfo()
    unsafe hints.ai_family = AF_UNSPEC
    unsafe hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    let code = unsafe getaddrinfo(name, nil, &hints, &list)
    guard code == 0 else {
      throw NameLookupError(reason: unsafe String(cString: gai_strerror(code)))
    }
    defer { unsafe freeaddrinfo(list) }
    var found: [[UInt8]] = []
    var entry = unsafe list
    while let current = unsafe entry {
      if let octets = unsafe Self.octets(of: current.pointee), !found.contains(octets) {
        found.append(octets)
      }
      unsafe entry = current.pointee.ai_next
    }
    return found
  }

  private static func octets(of entry: addrinfo) -> [UInt8]? {
    guard let address = unsafe entry.ai_addr else { return nil }
    let bytes = unsafe UnsafeRawBufferPointer(start: address, count: Int(entry.ai_addrlen))
    switch unsafe entry.ai_family {
    case AF_INET: return unsafe Array(bytes[4..<8])
    case AF_INET6: return unsafe Array(bytes[8..<24])
    default: return nil
    }
  }
}

/// Why a name's addresses are not known, in the resolver's words.
public struct NameLookupError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The words, such as "Name or service not known".
  public let reason: String

  /// The words.
  public var description: String { reason }
}
