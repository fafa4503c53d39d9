import CLinuxPacketIO
import Glibc

/// Settings of the kernel, as sysctl(8) reads and writes them: those under `net` are the settings of
/// the calling thread's network namespace.
public enum KernelSetting {
  /// The value of a setting, such as `net.ipv4.tcp_syncookies`; nil where there is none.
  public static func value(of name: String) -> String? {
    KernelText.content(of: path(of: name)).map { text in
      String(text.reversed().drop(while: \.isWhitespace).reversed())
    }
  }

  /// Gives a setting a value.
  ///
  /// - Throws: ``SystemCallError``: with ENOENT where there is no such setting, with EINVAL for a
  ///   value that it cannot take.
  public static func set(_ name: String, to value: String) throws(SystemCallError) {
    let file = try OwnedDescriptor("open \(name)") {
      unsafe open(path(of: name), O_WRONLY | O_CLOEXEC)
    }
    let octets = Array(value.utf8)
    guard unsafe write(file.number, octets, octets.count) == octets.count else {
      throw .last("set \(name) to \(value)")
    }
  }

  private static func path(of name: String) -> String {
    "/proc/sys/" + String(name.map { $0 == "." ? "/" : $0 })
  }
}
