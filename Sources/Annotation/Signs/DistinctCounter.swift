import Determinism
public import Wire

/// How many different addresses or ports were seen, estimated in 256 octets whatever the number.
///
/// Up to 16 are kept themselves, so that the count is exact and takes little: most ports of a
/// capture see a client or two.
///
/// HyperLogLog (Flajolet, Fusy, Gandouet and Meunier, AofA 2007) with 256 registers: a standard
/// error of 1.04/√256 = 6.5 %. Up to some 640 the empty registers are counted instead, which is
/// closer.
public struct DistinctCounter: Hashable, Sendable {
  private var few: [UInt64] = []
  private var registers: [UInt8] = []
  private let key: UInt64

  private static let size = 256
  private static let mostKept = 16

  /// Creates an empty counter.
  ///
  /// - Parameter key: Mixed into everything counted; one that a sender does not know keeps it from
  ///   choosing what collides.
  public init(key: UInt64 = 0) {
    self.key = key
  }

  /// Counts an address.
  public mutating func note(_ address: IPAddress) {
    switch address {
    case .v4(let address): note(UInt64(address.rawValue))
    case .v6(let address): note(mixed(address.high) ^ address.low)
    }
  }

  /// Counts a number.
  public mutating func note(_ number: UInt64) {
    let digest = mixed(number ^ key)
    guard registers.isEmpty else { return register(digest) }
    guard !few.contains(digest) else { return }
    few.append(digest)
    guard few.count > Self.mostKept else { return }
    registers = [UInt8](repeating: 0, count: Self.size)
    for digest in few { register(digest) }
    few = []
  }

  private mutating func register(_ digest: UInt64) {
    let place = Int(digest >> 56)
    let rank = UInt8(min((digest << 8).leadingZeroBitCount, 56) + 1)
    if rank > registers[place] { registers[place] = rank }
  }

  /// The estimate, from 0 up.
  public var estimate: Int {
    guard !registers.isEmpty else { return few.count }
    let count = Double(Self.size)
    let empty = registers.count { $0 == 0 }
    let sum = registers.reduce(0.0) { $0 + Double(sign: .plus, exponent: -Int($1), significand: 1) }
    let raw = 0.7213 / (1 + 1.079 / count) * count * count / sum
    guard raw <= 2.5 * count, empty > 0 else { return Int(raw.rounded()) }
    return Int((count * ExponentialSampler.naturalLogarithm(count / Double(empty))).rounded())
  }

  private func mixed(_ number: UInt64) -> UInt64 {
    var mixer = SplitMix64(state: number)
    return mixer.next()
  }
}
