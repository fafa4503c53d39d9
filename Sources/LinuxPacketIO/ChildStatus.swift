import CLinuxPacketIO
import Glibc

/// How child processes end.
enum ChildStatus {
  /// Waits until a child has ended, and tells its status as a shell does: what it exited with, or
  /// 128 and the signal that ended it.
  static func wait(for child: pid_t) -> CInt {
    var status: CInt = 0
    while unsafe waitpid(child, &status, 0) < 0 {
      guard errno == EINTR else { return 127 }
    }
    // The low seven bits are the signal, the next octet the status (wait(2)).
    let signal = status & 0x7F
    return signal == 0 ? status >> 8 & 0xFF : 128 + signal
  }
}

/// The variables that a child is to find.
enum ProcessEnvironment {
  /// This process's own, with some of them set or replaced.
  static func variables(setting changes: [String: String]) -> [String] {
    var variables: [String] = []
    var entry = unsafe environ
    while let variable = unsafe entry.pointee {
      unsafe variables.append(String(cString: variable))
      unsafe entry += 1
    }
    let kept = variables.filter { variable in
      changes[String(variable.prefix { $0 != "=" })] == nil
    }
    return kept + changes.map { "\($0.key)=\($0.value)" }.sorted()
  }
}

/// Strings as C takes them.
enum CStrings {
  /// Lends the strings to C as an array that ends in a null pointer.
  static func lend<Result>(
    _ strings: [String],
    _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
  ) -> Result {
    var copies = unsafe strings.map { unsafe strdup($0) }
    defer { while let copy = unsafe copies.popLast() { unsafe free(copy) } }
    unsafe copies.append(nil)
    return unsafe body(copies)
  }
}
