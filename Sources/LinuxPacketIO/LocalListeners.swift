/// The TCP ports of the calling thread's network namespace on which somebody listens.
public enum LocalListeners {
  /// Asks the kernel, which tells of those who listen before all others; none where it does not.
  public static func ports() -> Set<UInt16> {
    ["/proc/thread-self/net/tcp", "/proc/thread-self/net/tcp6"].reduce(into: []) { ports, path in
      if let table = KernelText.content(of: path) { ports.formUnion(Self.ports(parsing: table)) }
    }
  }

  /// Reads them out of one of the kernel's tables: a line a socket, with its local end in the second
  /// word and its state in the fourth, 0A for LISTEN (net/ipv4/tcp_ipv4.c).
  public static func ports(parsing table: String) -> Set<UInt16> {
    let lines = table.split(separator: "\n").map { $0.split(separator: " ") }
    return Set(
      lines.compactMap { words in
        guard words.count > 3, words[3] == "0A", let port = words[1].split(separator: ":").last
        else { return nil }
        return UInt16(port, radix: 16)
      })
  }
}
