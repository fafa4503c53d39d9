import CLinuxPacketIO
import Glibc

/// Gives up every privilege of the process, for good.
public enum PrivilegeDrop {
  /// Becomes another user, as far as one is named, and gives up every capability: no set keeps one,
  /// and no program started from here on gets one (no_new_privs, capabilities(7)).
  ///
  /// What is open stays open: packet sockets, files, the ring. Capabilities belong to threads, and
  /// a thread can only change its own; so this is for a process of one thread, and refuses where
  /// another one keeps any.
  ///
  /// - Parameter user: Whom to become; nil for nobody else.
  /// - Throws: ``SystemCallError`` naming the step that was refused; with EBUSY when another thread
  ///   keeps its capabilities.
  public static func dropAll(becoming user: SystemUser? = nil) throws(SystemCallError) {
    if let user { try become(user) }
    guard halfopen_forbid_new_privileges() == 0 else {
      throw .last("PR_SET_NO_NEW_PRIVS")
    }
    guard halfopen_drop_capabilities() == 0 else { throw .last("capset") }
    guard threadsWithCapabilities.isEmpty else {
      throw SystemCallError(call: "capset in all threads", code: EBUSY)
    }
  }

  /// The threads of this process that may still do something privileged, by their numbers.
  static var threadsWithCapabilities: [String] {
    KernelText.names(in: "/proc/self/task").filter { thread in
      let status = KernelText.content(of: "/proc/self/task/\(thread)/status") ?? ""
      return status.split(separator: "\n").contains { line in
        // "CapPrm:", a tabulator, sixteen hexadecimal digits.
        line.hasPrefix("CapPrm:") && line.dropFirst(8).contains { $0 != "0" }
      }
    }
  }

  /// The C library changes the user of every thread.
  private static func become(_ user: SystemUser) throws(SystemCallError) {
    guard setgroups(0, nil) == 0 else { throw .last("setgroups") }
    guard setresgid(user.group, user.group, user.group) == 0 else { throw .last("setresgid") }
    guard setresuid(user.number, user.number, user.number) == 0 else { throw .last("setresuid") }
  }
}

/// A user of this machine.
public struct SystemUser: Hashable, Sendable {
  /// The user's number.
  public let number: UInt32
  /// The number of the user's own group.
  public let group: UInt32

  /// Finds the user called `name`; nil when there is none.
  public init?(named name: String) {
    var entry = unsafe passwd()
    var room = [CChar](repeating: 0, count: 1 << 16)
    var found: UnsafeMutablePointer<passwd>?
    guard unsafe getpwnam_r(name, &entry, &room, room.count, &found) == 0, unsafe found != nil
    else { return nil }
    unsafe number = entry.pw_uid
    unsafe group = entry.pw_gid
  }
}
