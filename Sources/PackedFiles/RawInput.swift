import Glibc

/// A descriptor that is read from the front, closed with its owner unless it is standard input.
struct RawInput: ~Copyable {
  let descriptor: CInt

  init(opening path: String) throws(PackedFileError) {
    descriptor = unsafe path.withCString { unsafe open($0, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else { throw .last("open") }
  }

  init(standardInput: Void) {
    descriptor = STDIN_FILENO
  }

  deinit {
    if descriptor != STDIN_FILENO { close(descriptor) }
  }

  /// Reads at most as much as fits; 0 at the end as it is now.
  func read(into room: UnsafeMutableRawBufferPointer) throws(PackedFileError) -> Int {
    while true {
      let count = unsafe Glibc.read(descriptor, room.baseAddress, room.count)
      if count >= 0 { return count }
      guard errno == EINTR else { throw .last("read") }
    }
  }

  /// What the file is now: its identity and length; nil for what is no regular file.
  var state: FileState? {
    var facts = stat()
    guard unsafe fstat(descriptor, &facts) == 0 else { return nil }
    return FileState(facts)
  }
}

/// What tells a file from another one of the same name, and how long it is.
public struct FileState: Hashable, Sendable {
  /// The device and the inode.
  let identity: [UInt64]
  /// The length, in octets.
  public let length: Int

  init?(_ facts: stat) {
    guard facts.st_mode & S_IFMT == S_IFREG else { return nil }
    identity = [UInt64(facts.st_dev), UInt64(facts.st_ino)]
    length = Int(facts.st_size)
  }

  /// The file that has the name `path` now; nil when there is none, or no regular one.
  public init?(of path: String) {
    var facts = stat()
    guard unsafe path.withCString({ unsafe stat($0, &facts) }) == 0 else { return nil }
    self.init(facts)
  }
}

extension FileState {
  /// Whether both are states of one file.
  public func isSameFile(as other: Self) -> Bool { identity == other.identity }
}
