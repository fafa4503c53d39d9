import CLinuxPacketIO
import Glibc

/// Chance that nobody can foresee, for keys and salts.
public enum KernelEntropy {
  /// Draws `count` octets from the kernel's generator.
  ///
  /// - Throws: ``SystemCallError`` when getrandom(2) fails, which Linux allows only before its
  ///   generator is seeded at boot.
  public static func octets(_ count: Int) throws(SystemCallError) -> [UInt8] {
    var drawn: [UInt8] = []
    while drawn.count < count {
      // The kernel promises whole answers up to 256 octets, whatever signals arrive.
      var part = [UInt8](repeating: 0, count: min(256, count - drawn.count))
      let got = unsafe getrandom(&part, part.count, 0)
      if got < 0 {
        guard errno == EINTR else { throw .last("getrandom") }
        continue
      }
      drawn.append(contentsOf: part.prefix(got))
    }
    return drawn
  }

  /// Draws one word.
  ///
  /// - Throws: ``SystemCallError``, as ``octets(_:)`` does.
  public static func word() throws(SystemCallError) -> UInt64 {
    try octets(8).reduce(0) { $0 << 8 | UInt64($1) }
  }
}
