import LinuxPacketIO

/// What the tests may do on this machine, and how to do without it.
enum Privileges {
  /// Words before a command that take these capabilities from it; none where there is nothing to
  /// take, because the process is not root's.
  static func without(_ capabilities: String...) -> [String] {
    guard Capability.netRaw.isEffective else { return [] }
    let list = capabilities.map { "-" + $0 }.joined(separator: ",")
    return ["setpriv", "--bounding-set=\(list)", "--inh-caps=\(list)"]
  }

  /// Words before a command that let it enter no namespace of its own: a user namespace around it
  /// whose own limit is zero.
  static let withoutNamespaces = [
    "unshare", "-Ur", "sh", "-c", "echo 0 > /proc/sys/user/max_user_namespaces; exec \"$@\"", "sh",
  ]

  /// Whether the machine lets an unprivileged process enter namespaces of its own: tried once.
  static let canEnterNamespaces = (try? RootlessProcess.trial()) != nil
}
