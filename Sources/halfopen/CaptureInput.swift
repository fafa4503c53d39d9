import CaptureFiles
import Determinism
import Glibc
import LinuxPacketIO
import PackedFiles

/// A capture file, or standard input, that is read a window at a time: packed or not, whole or
/// damaged, at rest or growing.
///
/// Packets are handed over where they were read to; nothing is copied.
final class CaptureInput {
  /// What the file is called in a sentence.
  let name: String
  /// Why reading ended, beside the file's end.
  private(set) var ending = Ending.end

  private let path: String
  private let signals: SignalWatch?
  private var recovering = RecoveringReader()
  private var packingDamage: PackingDamage?
  private var file: PackedFile

  /// Why reading ended.
  enum Ending: Hashable {
    /// The file is at its end, or nothing more of it can be read.
    case end
    /// Whoever was handed the packets had enough.
    case enough
    /// A signal came while the file was followed.
    case signal(SignalWatch.Request)
    /// The file that was followed became shorter, or another one has its name.
    case replaced
  }

  /// How often a file that is followed is looked at.
  private static let followInterval = Nanoseconds.milliseconds(50)

  /// Opens `path`, `-` for standard input.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - signals: When given, the file is followed: at its end more is waited for until one comes.
  /// - Throws: ``Failure`` with a sentence, when the file does not exist or may not be read.
  init(path: String, following signals: SignalWatch? = nil) throws {
    self.path = path
    self.signals = signals
    name = path == "-" ? "standard input" : path
    do throws(PackedFileError) {
      file = path == "-" ? PackedFile() : try PackedFile(opening: path)
    } catch {
      throw Failure(Self.status(of: error), "cannot open \(path): \(error).")
    }
  }

  /// The file's format; nil before it is known.
  var format: CaptureFiles.CaptureFormat? { recovering.reader.format }

  /// The interfaces that the file described as far as it was read.
  var interfaces: [CaptureInterface] { recovering.reader.interfaces }

  /// The sections that the file began as far as it was read.
  var sections: [CaptureSection] { recovering.reader.sections }

  /// The names of addresses that the file told as far as it was read.
  var names: CaptureNames { recovering.reader.names }

  /// How the file is packed; nil when it is not.
  var packing: Packing? { file.packing }

  /// What could not be read.
  var damage: InputDamage {
    InputDamage(name: name, packing: packingDamage, stretches: recovering.damages)
  }

  /// Hands over every packet that can be read, with what was kept of it, until the file's end or
  /// until `body` returns false.
  ///
  /// The record's ranges are of no use to `body`; see ``forEachPart(_:)`` for those.
  ///
  /// - Throws: ``Failure`` when the file cannot be read, and what `body` throws.
  func forEachRecord(_ body: (CaptureRecord, Span<UInt8>) throws -> Bool) throws {
    var window = OctetWindow()
    var isLast = false
    while true {
      let handed = try handRecords(
        window.octets.span.extracting(window.filled), from: window.start, isLast: isLast, to: body)
      switch handed {
      case .enough: return end(.enough)
      case .end: return
      case .newInterface: continue
      case .needsMore(let needed):
        guard try fill(&window, for: needed, &isLast) else { return }
      }
    }
  }

  /// Hands over every piece of the file that can be read, with the window that its ranges are about.
  ///
  /// - Throws: ``Failure`` when the file cannot be read, and what `body` throws.
  func forEachPart(_ body: (CapturePart, Span<UInt8>) throws -> Bool) throws {
    var window = OctetWindow()
    var isLast = false
    while true {
      let handed = try handParts(
        window.octets.span.extracting(window.filled), from: window.start, isLast: isLast, to: body)
      switch handed {
      case .enough: return end(.enough)
      case .end: return
      case .newInterface: continue
      case .needsMore(let needed):
        guard try fill(&window, for: needed, &isLast) else { return }
      }
    }
  }

  /// Hands every packet that can be read to `body`, as a copy.
  ///
  /// - Returns: What the file's first damage is; nil when it is whole.
  /// - Throws: ``Failure`` when the file cannot be read.
  func forEachPacket(_ body: (CapturedPacket) -> Void) throws -> CaptureFileError? {
    try forEachPart { part, window in
      if case .record(let record) = part { body(CapturedPacket(record, in: window)) }
      return true
    }
    return damage.stretches.first.first.map {
      CaptureFileError(offset: $0.offset, $0.problem)
    }
  }

  // While it hands over, the reader is a variable of the function's own: to check for each packet
  // that nobody else has the property would cost as much as to read the packet.
  private func handRecords(
    _ octets: Span<UInt8>, from start: Int, isLast: Bool,
    to body: (CaptureRecord, Span<UInt8>) throws -> Bool
  ) throws -> CapturePause {
    var recovering = recovering
    defer { self.recovering = recovering }
    return try recovering.forEachRecord(in: octets, from: start, isLast: isLast, body)
  }

  private func handParts(
    _ octets: Span<UInt8>, from start: Int, isLast: Bool,
    to body: (CapturePart, Span<UInt8>) throws -> Bool
  ) throws -> CapturePause {
    while true {
      switch recovering.nextPart(in: octets, from: start, isLast: isLast) {
      case .part(let part):
        guard try body(part, octets) else { return .enough }
      case .needsMore(let count): return .needsMore(octets: count)
      case .end: return .end
      }
    }
  }

  private func end(_ ending: Ending) { self.ending = ending }

  /// Reads on until the window holds `needed` octets from the reader's offset on, or the file ends.
  ///
  /// - Returns: Whether there is something to go on with.
  private func fill(
    _ window: inout OctetWindow, for needed: Int, _ isLast: inout Bool
  ) throws -> Bool {
    window.letGo(before: recovering.reader.offset)
    window.makeRoom(for: needed)
    while window.filled.count < needed {
      guard try readPiece(into: &window) == 0 else { continue }
      guard let ending = try waitForMore() else { continue }
      file.finish()
      packingDamage = file.damage
      self.ending = ending
      isLast = true
      // Whoever stops to follow a file has not damaged the record that is just being written.
      return ending == .end
    }
    return true
  }

  private func readPiece(into window: inout OctetWindow) throws -> Int {
    do throws(PackedFileError) {
      return try file.read(into: &window)
    } catch {
      let reason = error.code == EISDIR ? "it is a directory" : "\(error)"
      throw Failure(Self.status(of: error), "cannot read \(name): \(reason).")
    }
  }

  /// Waits a moment for a followed file to grow.
  ///
  /// - Returns: Why not to wait any longer; nil to try again.
  private func waitForMore() throws -> Ending? {
    guard let signals, file.damage == nil else { return .end }
    if let request = signals.request { return .signal(request) }
    guard let state = file.state else { return .end }
    if state.length < file.octetsRead { return .replaced }
    if path != "-", let named = FileState(of: path), !named.isSameFile(as: state) {
      // What came between the last read and the renaming is still in the old file.
      return state.length > file.octetsRead ? nil : .replaced
    }
    _ = try Readiness.wait(for: [signals.descriptor], upTo: Self.followInterval)
    return nil
  }

  private static func status(of error: PackedFileError) -> ExitStatus {
    switch error.code {
    case EACCES, EPERM: .permission
    case EMFILE, ENFILE, ENOMEM, EIO: .resources
    default: .usage
    }
  }
}
