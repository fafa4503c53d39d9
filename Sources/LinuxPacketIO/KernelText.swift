import CLinuxPacketIO
import Glibc

/// Text that the kernel shows as files, under /proc and /sys.
public enum KernelText {
  /// The text of a file, of a longer one a little more than its first MiB; nil when it cannot be
  /// read.
  public static func content(of path: String) -> String? {
    guard
      let file = try? OwnedDescriptor(path, { unsafe open(path, O_RDONLY | O_CLOEXEC) })
    else { return nil }
    var text: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 16_384)
    while text.count <= 1 << 20 {
      let count = unsafe read(file.number, &piece, piece.count)
      guard count >= 0 else { return nil }
      if count == 0 { break }
      text += piece.prefix(count)
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The names in a folder, without those that begin with a dot; none when it cannot be read.
  public static func names(in path: String) -> [String] {
    guard let folder = unsafe opendir(path) else { return [] }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { field in
        unsafe String(decoding: field.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }

  /// What a symbolic link says; nil when there is none.
  public static func target(of path: String) -> String? {
    var room = [CChar](repeating: 0, count: 4_096)
    let count = unsafe readlink(path, &room, room.count)
    return count < 0
      ? nil : String(decoding: room.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The value of a variable of this process's environment; nil when it is not set.
  public static func variable(_ name: String) -> String? {
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }
}
