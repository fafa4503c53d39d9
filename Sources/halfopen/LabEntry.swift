import ArgumentParser
import KernelLab
import LinuxPacketIO

/// The way into a lab: the program anew, as the process that holds it.
enum LabEntry {
  /// Returns in the process that holds a lab, and only there: anywhere else, runs this command line
  /// in one and ends with its status.
  ///
  /// - Parameter isRootless: Whether to make a user namespace even where root needs none.
  /// - Throws: ``Failure`` when the machine or its settings forbid such namespaces.
  static func enter(isRootless: Bool) throws {
    guard !LabSurroundings.isHolder else { return }
    guard LabSurroundings.outsideNumber == nil else {
      throw Failure(.refused, "this process is in a lab already, and labs do not nest.")
    }
    let outside = try NetworkNamespace.current().number
    let variables = [LabSurroundings.outsideVariable: "\(outside)"]
    let isDirect = !isRootless && Capability.sysAdmin.isEffective
    let status: Int32
    do throws(RootlessError) {
      status = try IsolatedProcess.run(
        arguments: CommandLine.arguments, setting: variables, isRootless: !isDirect)
    } catch {
      throw Failure(
        error.isPermission ? .permission : .unsupported,
        """
        cannot make a lab's namespaces: \(error).
        What may help: \(RootlessRun.remedy)
        """)
    }
    throw ExitCode(status)
  }

  /// Builds the lab that this process holds.
  ///
  /// - Throws: ``Failure`` naming the step that was refused.
  static func build() throws -> KernelLab {
    do throws(SystemCallError) {
      return try KernelLab()
    } catch {
      throw Failure(
        error.isPermission ? .permission : .unsupported, "cannot build the lab: \(error).")
    }
  }
}
