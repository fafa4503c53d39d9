import Foundation

/// Seeds for tests that draw their inputs: the arguments of a parametrised test.
public enum Seeds {
  /// The seeds 0 up to, not including, `count`; or only `HALFOPEN_SEED`'s, to replay one.
  public static func sweep(_ count: UInt64) -> [UInt64] {
    if let text = ProcessInfo.processInfo.environment["HALFOPEN_SEED"], let seed = UInt64(text) {
      return [seed]
    }
    return Array(0..<count)
  }
}
