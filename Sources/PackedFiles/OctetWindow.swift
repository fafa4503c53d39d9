/// A stretch of a file that slides on: what was read and is not yet used up.
///
/// One array holds it for ever; it only grows, when one part of the file is longer than it.
public struct OctetWindow: Sendable {
  /// What holds the stretch; only ``filled`` of it counts.
  public private(set) var octets: [UInt8]
  /// Where in ``octets`` the stretch lies.
  public private(set) var filled = 0..<0
  /// Where in the unpacked file the stretch begins, in octets.
  public private(set) var start = 0

  /// Creates an empty window with room for `capacity` octets.
  public init(capacity: Int = 1 << 18) {
    octets = [UInt8](repeating: 0, count: max(1, capacity))
  }

  /// Where in the unpacked file the stretch ends, in octets.
  public var end: Int { start + filled.count }

  /// Lets go of all before `offset` of the file.
  ///
  /// - Precondition: `offset` lies in the stretch or at its end.
  public mutating func letGo(before offset: Int) {
    let used = offset - start
    precondition(used >= 0 && used <= filled.count)
    filled = filled.lowerBound + used..<filled.upperBound
    start = offset
  }

  /// Forgets what was read, as if it had never been there.
  mutating func dropAll() {
    filled = 0..<0
  }

  /// Makes room for a stretch of `count` octets from ``start`` on, and some to read into.
  public mutating func makeRoom(for count: Int) {
    let target = max(count, filled.count + 1)
    guard octets.count - filled.lowerBound < target else { return }
    if target > octets.count {
      var larger = [UInt8](repeating: 0, count: max(target, octets.count * 2))
      for index in filled.indices { larger[index - filled.lowerBound] = octets[index] }
      octets = larger
    } else {
      for (place, index) in filled.indices.enumerated() { octets[place] = octets[index] }
    }
    filled = 0..<filled.count
  }

  /// Lets `fill` write behind the stretch, and takes as many octets in as it says.
  mutating func append<Failure: Error>(
    _ fill: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
  ) throws(Failure) -> Int {
    let from = filled.upperBound
    var outcome: Result<Int, Failure> = .success(0)
    unsafe octets.withUnsafeMutableBytes { all in
      let room = unsafe UnsafeMutableRawBufferPointer(rebasing: all[from...])
      do throws(Failure) {
        outcome = .success(unsafe try fill(room))
      } catch {
        outcome = .failure(error)
      }
    }
    let count = try outcome.get()
    precondition(count >= 0 && count <= octets.count - from)
    filled = filled.lowerBound..<from + count
    return count
  }
}
