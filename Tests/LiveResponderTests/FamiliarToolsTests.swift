import Foundation
import TestSupport
import Testing

@Suite(
  "A played host in the lab, to whoever asks it",
  .enabled(
    if: PlayedHost.isPossible,
    "skipped, because this process lacks CAP_SYS_ADMIN or CAP_NET_ADMIN"))
struct FamiliarToolsTests {
  private static func has(_ tool: String) -> Bool {
    ["/usr/bin/", "/bin/"].contains {
      FileManager.default.isExecutableFile(atPath: $0 + tool)
    }
  }

  /// What a line for sh prints against this kernel and against played hosts.
  private func outputs(of line: String) async throws -> (kernel: Outcome, played: [Outcome]) {
    var played: [Outcome] = []
    for mitigation in ["hybrid", "linux", "freebsd"] {
      played.append(
        try await LabServer.played(["--mitigation", mitigation, "--syncookies", "2"]).run(line))
    }
    return (try await LabServer.kernel.run(line), played)
  }

  @Test(
    "looks to nmap as a real one does",
    .enabled(if: has("nmap"), "skipped, because nmap is not installed"),
    arguments: [("-sS", "open"), ("-sT", "open"), ("-sF", "open|filtered"), ("-sA", "unfiltered")])
  func scan(kind: String, state: String) async throws {
    let found = try await outputs(
      of: "nmap -n -Pn \(kind) -p 8086,8087 -oG - 198.18.0.1 | grep -o 'Ports:.*'")
    #expect(found.kernel.text.contains("8086/\(state)/tcp"), "\(found.kernel)")
    for played in found.played {
      #expect(played.text == found.kernel.text, "\(played.errors)")
    }
  }

  @Test(
    "gives its stamp to curl and to nc, and refuses them on another port",
    .enabled(if: has("curl") && has("nc"), "skipped, because curl or nc is not installed"))
  func stamp() async throws {
    let found = try await outputs(
      of: """
        curl -s --http0.9 http://198.18.0.1:8086/ | tr -d '0-9' | od -c; echo $?
        nc -w 5 198.18.0.1 8086 < /dev/null | tr -d '0-9' | od -c; echo $?
        curl -s http://198.18.0.1:8087/; echo $?
        nc -w 5 198.18.0.1 8087 < /dev/null; echo $?
        """)
    // Digits and the end of a line, twice; then curl's and nc's words for a refusal.
    #expect(found.kernel.text.components(separatedBy: "\\r  \\n").count == 3, "\(found.kernel)")
    #expect(found.kernel.text.hasSuffix("7\n1\n"))
    for played in found.played {
      #expect(played.text == found.kernel.text, "\(played.errors)")
    }
  }
}
