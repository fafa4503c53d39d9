import LinuxPacketIO

/// Turns what went wrong with a capture into a sentence and an exit status.
enum CaptureFailure {
  /// The failure that ends the program when a capture cannot begin.
  static func beginning(_ error: CaptureError, on interface: String) -> Failure {
    switch error {
    case .noSuchInterface, .interfaceDown, .badFilter: Failure(.usage, sentence(about: error))
    case .notPermitted(let call): PermissionAdvice.captureRefused(on: interface, call: call)
    case .unknownLink: Failure(.unsupported, sentence(about: error))
    case .system, .libpcap, .interfaceRemoved:
      Failure(.resources, "cannot capture on \(interface): " + sentence(about: error))
    }
  }

  /// The failure that ends the program when a capture broke off.
  static func underway(_ error: CaptureError, on interface: String) -> Failure {
    Failure(.resources, "the capture on \(interface) broke off: " + sentence(about: error))
  }

  /// One sentence about what went wrong, for people.
  static func sentence(about error: CaptureError) -> String {
    switch error {
    case .noSuchInterface(let name): "there is no interface \"\(name)\"; there are: \(names)"
    case .interfaceDown(let name): "the interface \(name) is down"
    case .interfaceRemoved(let name): "the interface \(name) has been removed"
    case .notPermitted(let call): "\(call) was refused: CAP_NET_RAW is missing"
    case .badFilter(let filter): filter.description
    case .unknownLink(let hardwareType):
      "the ring does not know links of hardware type \(hardwareType); use --backend pcap"
    case .system(let error): error.description
    case .libpcap(let words): words
    }
  }

  private static var names: String {
    let names = ((try? NetworkInterface.all()) ?? []).map(\.name)
    return (names + [CaptureSettings.everyInterface]).joined(separator: ", ")
  }
}
