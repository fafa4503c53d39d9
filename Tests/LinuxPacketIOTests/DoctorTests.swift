import Foundation
import TestSupport
import Testing

@Suite("halfopen doctor")
struct DoctorTests {
  private struct Report: Decodable {
    struct Finding: Decodable {
      let name: String
      let verdict: String
      let essential: Bool
      let remedy: String?
    }
    struct Interface: Decodable {
      let name: String
      let loopback: Bool
    }
    let schema: String
    let status: Int32
    let findings: [Finding]
    let sysctls: [String: String]
    let interfaces: [Interface]
  }

  @Test("the JSON says what the status says, and everything missing has a remedy")
  func json() async throws {
    let outcome = try await BuiltProgram.run(["doctor", "--format", "json"])
    #expect(outcome.text.hasPrefix("{\"schema\":\"halfopen.doctor/1\","))
    let report = try JSONDecoder().decode(Report.self, from: outcome.output)
    #expect(report.status == outcome.status)
    let essential = Set(report.findings.filter(\.essential).map(\.verdict))
    let expected: Int32 =
      essential.contains("feature_missing") ? 7 : essential.contains("permission_missing") ? 4 : 0
    #expect(outcome.status == expected)
    for finding in report.findings {
      #expect((finding.verdict == "works") == (finding.remedy == nil), "\(finding)")
    }
    #expect(report.interfaces.contains { $0.name == "lo" && $0.loopback })
    #expect(report.sysctls["net.ipv4.tcp_syncookies"] != nil)
  }

  @Test("without CAP_NET_RAW the ring and libpcap are refused, with the line that helps: status 4")
  func noPermission() async throws {
    let outcome = try await BuiltProgram.run(
      ["doctor", "--format", "json"], through: Privileges.without("net_raw"))
    let report = try JSONDecoder().decode(Report.self, from: outcome.output)
    for name in ["packet ring", "libpcap capture"] {
      let finding = try #require(report.findings.first { $0.name == name })
      #expect(finding.verdict == "permission_missing")
      #expect(finding.remedy?.contains("sudo setcap cap_net_raw+ep /") == true)
    }
    let lacksFeature = report.findings.contains { $0.essential && $0.verdict == "feature_missing" }
    #expect(outcome.status == (lacksFeature ? 7 : 4))
  }

  @Test("the text names every finding")
  func text() async throws {
    let outcome = try await BuiltProgram.run(["doctor"])
    for name in ["libpcap", "packet ring", "namespaces", "TUN", "gnuplot", "tshark", "lo: "] {
      #expect(outcome.text.contains(name))
    }
  }
}
