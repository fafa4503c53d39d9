import Glibc

/// Octets that wait to be written to a file: one piece of memory, filled from the front, grown when
/// a record needs more and then kept.
///
/// What costs nothing but the copying of the octets: for loops that append a record per packet.
@safe
public struct RecordBuffer: ~Copyable {
  /// How many octets wait.
  public private(set) var count = 0

  private var memory: UnsafeMutableRawBufferPointer

  /// Creates an empty buffer with room for `capacity` octets, at least 4,096.
  public init(capacity: Int) {
    unsafe memory = .allocate(byteCount: max(capacity, 4_096), alignment: 64)
  }

  deinit { unsafe memory.deallocate() }

  /// Appends octets as they are.
  public mutating func append(_ octets: Span<UInt8>) {
    makeRoom(for: octets.count)
    unsafe octets.withUnsafeBytes { source in
      unsafe UnsafeMutableRawBufferPointer(rebasing: memory[count...]).copyMemory(from: source)
    }
    count += octets.count
  }

  /// Appends numbers of four octets each, least significant octet first.
  public mutating func append<let length: Int>(_ numbers: InlineArray<length, UInt32>) {
    makeRoom(for: 4 * length)
    for index in numbers.indices {
      unsafe memory.storeBytes(
        of: numbers[index].littleEndian, toByteOffset: count + 4 * index, as: UInt32.self)
    }
    count += 4 * length
  }

  /// Appends zeros up to a multiple of four octets since `start`.
  public mutating func pad(since start: Int) {
    makeRoom(for: 4)
    while (count - start) % 4 != 0 {
      unsafe memory[count] = 0
      count += 1
    }
  }

  /// Forgets all octets, and keeps the room.
  public mutating func removeAll() { count = 0 }

  /// The octets.
  public var octets: [UInt8] { unsafe Array(memory[..<count]) }

  /// Writes the octets from `start` on to a file, as many as it takes at once.
  ///
  /// - Parameters:
  ///   - descriptor: Where to.
  ///   - start: The first one, from 0 to ``count``.
  /// - Returns: How many were written, at least one unless none wait.
  /// - Throws: ``SystemCallError`` of write(2).
  public func write(to descriptor: CInt, from start: Int) throws(SystemCallError) -> Int {
    let rest = unsafe UnsafeRawBufferPointer(rebasing: memory[min(start, count)..<count])
    while true {
      let written = unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
      if written >= 0 { return written }
      guard errno == EINTR else { throw .last("write") }
    }
  }

  @inline(__always)
  private mutating func makeRoom(for more: Int) {
    if unsafe more > memory.count - count { grow(by: more) }
  }

  private mutating func grow(by more: Int) {
    let old = unsafe memory
    unsafe memory = .allocate(byteCount: max(2 * old.count, count + more), alignment: 64)
    unsafe memory.copyMemory(from: UnsafeRawBufferPointer(rebasing: old[..<count]))
    unsafe old.deallocate()
  }
}
