import Glibc

/// Why a file cannot be read: the call that the kernel refused, and its errno.
public struct PackedFileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The call: "open" or "read".
  public let call: String
  /// The errno that it left.
  public let code: CInt

  /// Creates the error of one call.
  public init(call: String, code: CInt) {
    self.call = call
    self.code = code
  }

  /// The error of the call that has just failed, before another one changes errno.
  static func last(_ call: String) -> Self { Self(call: call, code: errno) }

  /// The kernel's words for the errno, such as "Permission denied".
  public var description: String { unsafe String(cString: strerror(code)) }
}

/// How a file is packed.
public enum Packing: String, Hashable, Sendable {
  /// RFC 1952: one member after another.
  case gzip
  /// RFC 8878: one frame after another.
  case zstd
}

/// What is wrong with a packed file; what came before it was unpacked.
public struct PackingDamage: Error, Hashable, Sendable {
  /// How it is packed.
  public var packing: Packing
  /// Octets from the packed file's start, at most, to what is wrong.
  public var offset: Int
  /// What is wrong.
  public var problem: Problem

  /// The kinds of damage.
  public enum Problem: Hashable, Sendable {
    /// The file ends before its last member or frame does.
    case endsEarly
    /// Behind the last member or frame stands something else.
    case trailingOctets
    /// It asks for a larger window than is given: this many octets.
    case windowTooLarge(limit: Int)
    /// The unpacker gave up, with these words.
    case refused(String)
  }
}

extension PackingDamage: CustomStringConvertible {
  /// One clause with the offset.
  public var description: String {
    switch problem {
    case .endsEarly: "the \(packing) stream ends too early, after \(offset) octets"
    case .trailingOctets: "octets that are no \(packing) follow the stream, from octet \(offset) on"
    case .windowTooLarge(let limit):
      "the \(packing) stream asks for a window of more than \(limit) octets"
    case .refused(let words): "the \(packing) stream is damaged before octet \(offset): \(words)"
    }
  }
}
