/// A file that is read from the front, unpacked on the way when it is packed.
///
/// Whether it is packed is told by its first octets, never by its name. Memory is bounded: what is
/// unpacked goes straight into the window, whatever its length in the end.
public struct PackedFile: ~Copyable {
  /// How the file is packed; nil when it is not, or nothing of it was read.
  public private(set) var packing: Packing?
  /// What is wrong with the packed stream; what came before was handed over.
  public private(set) var damage: PackingDamage?
  /// How many octets of the file itself have been read.
  public private(set) var octetsRead = 0

  private let input: RawInput
  private var unpacker: (any Unpacker)?
  private var isKnown = false
  /// Octets of the packed file that wait to be unpacked.
  private var packed: [UInt8] = []
  private var waiting = 0..<0

  private static let pieceLength = 1 << 17

  /// Opens the file at `path`.
  ///
  /// - Throws: ``PackedFileError`` of open(2).
  public init(opening path: String) throws(PackedFileError) {
    input = try RawInput(opening: path)
  }

  /// Takes standard input.
  public init() {
    input = RawInput(standardInput: ())
  }

  /// What the open file is now; nil when it is no regular one.
  public var state: FileState? { input.state }

  /// Reads on, as much as is at hand and the window has room for.
  ///
  /// - Returns: How many octets came; 0 at the file's end as it is now, or behind damage.
  /// - Throws: ``PackedFileError`` of read(2).
  public mutating func read(into window: inout OctetWindow) throws(PackedFileError) -> Int {
    window.makeRoom(for: window.filled.count + 1)
    guard isKnown else { return try beginReading(into: &window) }
    guard let unpacker else { return try readPlain(into: &window) }
    return try unpack(with: unpacker, into: &window)
  }

  /// Says that nothing will follow any more: a stream that has not ended is damaged then.
  public mutating func finish() {
    guard let unpacker, damage == nil, !unpacker.isBetweenMembers else { return }
    note(.endsEarly, by: unpacker)
  }

  private mutating func readPlain(into window: inout OctetWindow) throws(PackedFileError) -> Int {
    let count = unsafe try window.append { (room) throws(PackedFileError) in
      unsafe try input.read(into: room)
    }
    octetsRead += count
    return count
  }

  /// Reads enough to tell whether the file is packed.
  private mutating func beginReading(
    into window: inout OctetWindow
  ) throws(PackedFileError) -> Int {
    window.makeRoom(for: 4)
    while window.filled.count < 4, try readPlain(into: &window) > 0 {}
    guard !window.filled.isEmpty else { return 0 }
    isKnown = true
    let beginning = window.octets[window.filled]
    unpacker =
      beginning.starts(with: [0x1F, 0x8B])
      ? GzipUnpacker() : beginning.isZstd ? ZstdUnpacker() : nil
    guard let unpacker else { return window.filled.count }
    packing = unpacker.packing
    packed = Array(beginning)
    waiting = packed.indices
    packed += [UInt8](repeating: 0, count: max(0, Self.pieceLength - packed.count))
    window.dropAll()
    return try unpack(with: unpacker, into: &window)
  }

  private mutating func unpack(
    with unpacker: any Unpacker, into window: inout OctetWindow
  ) throws(PackedFileError) -> Int {
    while damage == nil {
      var step = UnpackingStep()
      _ = unsafe window.append { (room) throws(Never) -> Int in
        unsafe packed.withUnsafeBytes { all in
          step = unsafe unpacker.unpack(
            UnsafeRawBufferPointer(rebasing: all[waiting]), into: room)
        }
        return step.made
      }
      waiting = waiting.lowerBound + step.used..<waiting.upperBound
      if let problem = step.problem { note(problem, by: unpacker) }
      guard step.made == 0 else { return step.made }
      if waiting.isEmpty {
        guard try refill() else { return 0 }
      } else if step.used == 0, step.problem == nil {
        note(.refused("it does not go on"), by: unpacker)
      }
    }
    return 0
  }

  private mutating func refill() throws(PackedFileError) -> Bool {
    var outcome: Result<Int, PackedFileError> = .success(0)
    unsafe packed.withUnsafeMutableBytes { all in
      do throws(PackedFileError) {
        outcome = .success(unsafe try input.read(into: all))
      } catch {
        outcome = .failure(error)
      }
    }
    waiting = 0..<(try outcome.get())
    octetsRead += waiting.count
    return !waiting.isEmpty
  }

  private mutating func note(_ problem: PackingDamage.Problem, by unpacker: any Unpacker) {
    damage = PackingDamage(
      packing: unpacker.packing, offset: octetsRead - waiting.count, problem: problem)
  }
}

extension ArraySlice<UInt8> {
  /// Whether a zstd file begins so: with a frame, or with one that is to be skipped (RFC 8878 §3.1).
  fileprivate var isZstd: Bool {
    let tail: [UInt8] = [0x2A, 0x4D, 0x18]
    return starts(with: [0x28, 0xB5, 0x2F, 0xFD])
      || (first.map { $0 & 0xF0 == 0x50 } ?? false) && dropFirst().starts(with: tail)
  }
}
