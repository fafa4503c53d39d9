import Glibc

/// Names of files.
public enum FileNaming {
  /// Gives the file `path` the name `name`, in place of whatever has it, in one step.
  ///
  /// - Throws: ``SystemCallError`` of rename(2); then both names are as they were.
  public static func rename(_ path: String, to name: String) throws(SystemCallError) {
    guard unsafe Glibc.rename(path, name) == 0 else { throw .last("rename") }
  }
}
