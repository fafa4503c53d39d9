import LinuxPacketIO

/// What the tests may do on this machine, and how to do without it.
enum Privileges {
  /// Words before a command that take these capabilities from it; nothing to take from a process that is not root's.
  static func without(_ capabilities: String...) -> [String] {
    guard Capability.netRaw.isEffective else { return [] }
    let list = capabilities.map { "-" + $0 }.joined(separator: ",")
    return ["setpriv", "--bounding-set=\(list)", "--inh-caps=\(list)"]
  }

  /// Whether the machine lets an unprivileged process enter namespaces of its own: tried once.
  static let canEnterNamespaces = (try? RootlessProcess.trial()) != nil
}
