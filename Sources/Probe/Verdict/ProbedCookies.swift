public import SynCookies

/// The cookies that answers fit.
public enum ProbedCookies: Hashable, Sendable {
  /// Those of a scheme that is known to the bit.
  case scheme(CookieSchemeName)
  /// Such as add the client's number, with a table of sizes that is not known.
  case sum
  /// Some, of which no more can be said.
  case unknown

  /// A short name, for machines.
  public var name: String {
    switch self {
    case .scheme(let scheme): scheme.rawValue
    case .sum: "other-sum"
    case .unknown: "unknown"
    }
  }
}

extension ProbedCookies: CustomStringConvertible {
  /// Whose they are, in words.
  public var description: String {
    switch self {
    case .scheme(.salted): "salted, nothing but a hash of the connection and the second"
    case .scheme(.linux): "Linux"
    case .scheme(.freebsd): "FreeBSD, whose every initial number is one"
    case .scheme(.pf): "pf"
    case .scheme(.gvisor): "gVisor"
    case .scheme(.bernstein): "the original of 1996"
    case .scheme(.onload): "Onload"
    case .sum: "of an unknown scheme that adds the client's number"
    case .unknown: "of an unknown kind"
    }
  }
}
