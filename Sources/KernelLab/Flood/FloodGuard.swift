import Determinism
public import LinuxPacketIO

/// What has to be true before every batch of a flood: that nothing it sends can leave the lab.
///
/// The proof is of the very thread that sends, and of what is there now; it does not rest on what
/// the program meant to do.
public struct FloodGuard {
  private let outsideNumber: UInt64
  private let routes: LinkRequests

  /// Prepares to prove it of the calling thread's network namespace.
  ///
  /// - Throws: ``FloodRefusal`` when this is no lab, or the kernel cannot be asked.
  public init() throws(FloodRefusal) {
    guard let outside = LabSurroundings.outsideNumber else { throw .noLab }
    outsideNumber = outside
    do throws(SystemCallError) { routes = try LinkRequests() } catch { throw .unproven(error) }
  }

  /// Proves it, or refuses.
  ///
  /// - Throws: ``FloodRefusal``, also when a question to the kernel is not answered.
  public func prove() throws(FloodRefusal) {
    let number: UInt64
    let names: [String]
    let hasDefaultRoute: Bool
    do throws(SystemCallError) {
      number = try NetworkNamespace.current().number
      names = try NetworkInterface.all().map(\.name)
      hasDefaultRoute = try routes.hasDefaultRoute()
    } catch {
      throw .unproven(error)
    }
    guard number != NetworkNamespace.initialNumber, number != outsideNumber else {
      throw .notIsolated
    }
    guard Set(names).isSubset(of: ["lo", LabInterface.attacker.name]) else {
      throw .foreignInterface(names.joined(separator: ", "))
    }
    guard !hasDefaultRoute else { throw .defaultRoute }
  }
}

/// Why a flood is not sent, or not any longer.
public enum FloodRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  /// The process was not started in a lab.
  case noLab
  /// The network namespace is the machine's first, or the one that the lab was started from.
  case notIsolated
  /// There are interfaces that no lab has.
  case foreignInterface(String)
  /// There is a route to everywhere.
  case defaultRoute
  /// The kernel did not say.
  case unproven(SystemCallError)
  /// More SYNs a second than are ever sent.
  case rateTooHigh(Double)
  /// A longer flood than is ever sent.
  case tooLong(seconds: Double)
  /// More packets than are ever sent.
  case tooMany(Double)
  /// Whoever started the flood has gone.
  case parentGone

  /// One sentence.
  public var description: String {
    switch self {
    case .noLab:
      "a flood is sent inside a lab only, by the attacker: halfopen lab exec --in attacker -- …"
    case .notIsolated:
      "no flood is sent from the network namespace that the machine itself uses."
    case .foreignInterface(let names):
      "no flood is sent where there are other interfaces than a lab's: here are \(names)."
    case .defaultRoute: "no flood is sent where a route leads everywhere."
    case .unproven(let error):
      "no flood is sent, since it cannot be proved that it stays here: \(error)."
    case .rateTooHigh(let rate):
      "a flood has at most \(FloodLimits.synsPerSecond) SYN/s, not \(rate)."
    case .tooLong(let seconds):
      "a flood lasts at most \(FloodLimits.duration.seconds) s, not \(seconds) s."
    case .tooMany(let count):
      "a flood has at most \(FloodLimits.packets) packets; this one would have \(count)."
    case .parentGone: "whoever started the flood has gone."
    }
  }
}
