import ArgumentParser
import LinuxPacketIO

/// The formats that a capture is written in.
enum CaptureFormat: String, ExpressibleByArgument, CaseIterable {
  case pcapng
  case pcap
}

/// The ways to capture, as the command line names them.
enum BackendChoice: String, ExpressibleByArgument, CaseIterable {
  case pcap
  case afpacket

  /// The way that is meant.
  var way: CaptureBackend {
    switch self {
    case .pcap: .pcap
    case .afpacket: .afpacket
    }
  }
}
