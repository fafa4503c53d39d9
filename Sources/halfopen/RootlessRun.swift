import ArgumentParser
import Foundation
import LinuxPacketIO

/// The program anew in a user and network namespace of its own, for those without privileges.
enum RootlessRun {
  /// Runs this very command line inside, and ends the program with its status; returns at once when
  /// the process is inside already.
  ///
  /// - Throws: ``Failure`` when the machine or its settings forbid such namespaces.
  static func enter() throws {
    guard !RootlessProcess.isInside else { return }
    let status: Int32
    do throws(RootlessError) {
      status = try RootlessProcess.reexecute(arguments: CommandLine.arguments)
    } catch {
      throw Failure(
        error.isPermission ? .permission : .unsupported,
        """
        cannot enter a user and network namespace: \(error).
        What may help: \(remedy)
        """)
    }
    throw ExitCode(status)
  }

  /// Says how to join the namespace from a second terminal.
  static func announce() {
    let line = "nsenter -t \(getpid()) -U -n --preserve-credentials COMMAND"
    StandardError.write("halfopen: join its namespace with: \(line)\n")
  }

  /// What forbids user namespaces, as far as the kernel's settings tell.
  static var remedy: String {
    let gates = [
      ("kernel/apparmor_restrict_unprivileged_userns", forbids: "1", allows: "0"),
      ("kernel/unprivileged_userns_clone", forbids: "0", allows: "1"),
      ("user/max_user_namespaces", forbids: "0", allows: "15000"),
    ]
    for (path, forbids, allows) in gates where DoctorReport.content(of: path) == forbids {
      return "sudo sysctl -w \(path.replacing("/", with: "."))=\(allows)"
    }
    return "run outside the container, or with a seccomp profile that allows unshare(2)"
  }
}
