/// One damaged stretch of a capture file: where it begins, what is wrong, and where reading went
/// on.
public struct CaptureDamage: Error, Hashable, Sendable {
  /// Octets from the file's start to the first that could not be read.
  public var offset: Int
  /// What is wrong there.
  public var problem: CaptureFileProblem
  /// Where reading went on; nil when nothing that could be read came any more.
  public var resumed: Int?
  /// How many octets were passed over; 0 where the file is no capture and was not looked into.
  public var skipped: Int

  /// Creates a description.
  public init(offset: Int, problem: CaptureFileProblem, resumed: Int?, skipped: Int) {
    self.offset = offset
    self.problem = problem
    self.resumed = resumed
    self.skipped = skipped
  }
}

extension CaptureDamage: CustomStringConvertible {
  /// One clause with the offsets.
  public var description: String {
    guard skipped > 0 else { return "at octet \(offset): \(problem)" }
    let lost = "\(skipped) octet\(skipped == 1 ? "" : "s")"
    return resumed.map {
      "at octet \(offset): \(problem); \(lost) passed over, reading went on at octet \($0)"
    } ?? "at octet \(offset): \(problem); \(lost) passed over, up to the end"
  }
}

/// All damage of a capture file: the first stretches in full, then their number alone.
public struct CaptureDamages: Hashable, Sendable {
  /// The first stretches, at most ``longest``.
  public private(set) var first: [CaptureDamage] = []
  /// How many stretches there are in all.
  public private(set) var count = 0
  /// How many octets were passed over in all.
  public private(set) var skipped = 0

  /// No more stretches are described one by one.
  public static let longest = 100

  /// Creates a list of none.
  public init() {}

  /// Whether the file is whole as far as it was read.
  public var isEmpty: Bool { count == 0 }

  /// Adds a stretch.
  mutating func append(_ damage: CaptureDamage) {
    if first.count < Self.longest { first.append(damage) }
    count += 1
    skipped += damage.skipped
  }
}
