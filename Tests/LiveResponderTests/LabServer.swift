import Foundation
import TestSupport

/// Who answers for 198.18.0.1 in a lab, the server of the lab's clients and flood.
enum LabServer {
  /// This kernel, with the bundled stamp server.
  case kernel
  /// `halfopen respond` with these arguments, on a TUN device behind the lab's server.
  case played([String])

  /// The line for sh that makes it answer; `$halfopen` is the program.
  private var line: String {
    switch self {
    case .kernel: "exec \"$halfopen\" stamp serve > /dev/null"
    case .played(let arguments):
      """
      ip addr del 198.18.0.1/32 dev lo; ip addr del 2001:db8::1/128 dev lo
      echo 1 > /proc/sys/net/ipv4/ip_forward
      exec "$halfopen" respond --address 198.18.0.1 --host-address 198.18.0.254 \
        \(arguments.joined(separator: " ")) > /dev/null
      """
    }
  }

  /// Runs a line for sh at the lab's client once the server has given a stamp; `$halfopen` is the
  /// program.
  func run(_ client: String) async throws -> Outcome {
    let waiting = """
      tries=0
      until "$halfopen" stamp get 198.18.0.1 > /dev/null 2>&1; do
        tries=$((tries + 1)); [ $tries -lt 300 ] || exit 9; sleep 0.1
      done
      """
    return try await BuiltProgram.run(
      ["lab", "exec", "--server", line, "--", "sh", "-c", "\(waiting)\n\(client)"],
      environment: ["halfopen": BuiltProgram.path], timeout: .seconds(100))
  }
}
