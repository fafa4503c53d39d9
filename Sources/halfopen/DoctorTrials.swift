import Foundation
import LinuxPacketIO

/// The trials: each uses the very code that the verbs use.
enum DoctorTrials {
  static func all() -> [DoctorFinding] {
    [
      libpcap(),
      capturing("packet ring", through: .afpacket, shows: "TPACKET_V3 captures on lo"),
      capturing("libpcap capture", through: .pcap, shows: "libpcap captures on lo"),
      namespaces(), tun(),
      program("gnuplot", verbs: ["simulate --plot"], why: "draws charts"),
      program("tshark", verbs: [], why: "a second opinion on captures"),
    ]
  }

  private static func libpcap() -> DoctorFinding {
    DoctorFinding(
      name: "libpcap", verdict: .works, detail: Libpcap.version, remedy: nil, verbs: ["capture"],
      isEssential: true)
  }

  private static func capturing(
    _ name: String, through backend: CaptureBackend, shows success: String
  ) -> DoctorFinding {
    let (verdict, detail, remedy) = captureTrial(backend, success)
    return DoctorFinding(
      name: name, verdict: verdict, detail: detail, remedy: remedy, verbs: ["capture", "demo"],
      isEssential: true)
  }

  private static func captureTrial(
    _ backend: CaptureBackend, _ success: String
  ) -> (DoctorFinding.Verdict, String, String?) {
    do throws(CaptureError) {
      _ = try backend.begin(CaptureSettings(interface: "lo", bufferOctets: 1 << 20))
      return (.works, success, nil)
    } catch {
      switch error {
      case .notPermitted(let call):
        return (
          .permissionMissing, "CAP_NET_RAW is missing: \(call) was refused",
          PermissionAdvice.setcapLine + "; or halfopen demo --rootless"
        )
      case .noSuchInterface, .interfaceDown:
        return (.featureMissing, "the loopback interface is down", "sudo ip link set lo up")
      case .badFilter, .unknownLink, .system, .libpcap, .interfaceRemoved:
        return (
          .featureMissing, CaptureFailure.sentence(about: error),
          "use a kernel with packet sockets (CONFIG_PACKET), outside a restricted container"
        )
      }
    }
  }

  private static func namespaces() -> DoctorFinding {
    var verdict = DoctorFinding.Verdict.works
    var detail = "a child entered a user and a network namespace of its own"
    var remedy: String?
    do throws(RootlessError) {
      try RootlessProcess.trial()
    } catch {
      verdict = error.isPermission ? .permissionMissing : .featureMissing
      detail = error.description
      remedy = RootlessRun.remedy
    }
    return DoctorFinding(
      name: "namespaces", verdict: verdict, detail: detail, remedy: remedy,
      verbs: [Capability.sysAdmin.isEffective ? "lab --rootless" : "lab", "demo --rootless"],
      isEssential: true)
  }

  private static func tun() -> DoctorFinding {
    let path = "/dev/net/tun"
    let exists = FileManager.default.fileExists(atPath: path)
    let opens = FileHandle(forUpdatingAtPath: path) != nil
    // Everybody may open it; to make a device takes more.
    let mayMake = Capability.netAdmin.isEffective
    return DoctorFinding(
      name: "TUN",
      verdict: opens && mayMake ? .works : exists ? .permissionMissing : .featureMissing,
      detail: !exists
        ? "no \(path)"
        : !opens
          ? "\(path) is not ours to open"
          : "\(path) opens" + (mayMake ? "" : ", but CAP_NET_ADMIN is missing"),
      remedy: opens && mayMake ? nil : exists ? "run as root" : "sudo modprobe tun",
      verbs: ["respond"], isEssential: false)
  }

  private static func program(_ name: String, verbs: [String], why: String) -> DoctorFinding {
    let directories = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    let found = directories.map { "\($0)/\(name)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
    return DoctorFinding(
      name: name, verdict: found == nil ? .featureMissing : .works,
      detail: found ?? "not installed: \(why)",
      remedy: found == nil ? "sudo apt-get install \(name)" : nil, verbs: verbs,
      isEssential: false)
  }
}
