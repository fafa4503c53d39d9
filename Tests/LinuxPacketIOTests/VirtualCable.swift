import Foundation
import LinuxPacketIO
import TestSupport

/// A virtual cable between "left" and "right", in a network namespace of its own, and a program that
/// captures there; all of it goes away with the program.
enum VirtualCable {
  /// The words for a test that is skipped where there can be none.
  static let isPossible =
    Capability.sysAdmin.isEffective && Capability.netAdmin.isEffective
    && Capability.netRaw.isEffective

  /// Runs the program in the namespace, and some shell lines beside it once it captures.
  ///
  /// - Parameters:
  ///   - arguments: The program's.
  ///   - steps: Lines for sh: `frame IFACE HEX...` sends raw frames, `said WORDS` waits until the
  ///     program says so, `stop` interrupts it.
  ///   - scratch: A folder for what the program says.
  /// - Returns: How the program ended.
  /// - Throws: What Foundation throws when the shell cannot be started.
  static func run(
    _ arguments: [String], while steps: String, in scratch: ScratchDirectory
  ) async throws -> Outcome {
    let script = """
      said() {
        for _ in $(seq 500); do
          if grep -q "$1" "$messages"; then return 0; fi
          kill -0 $capture || { cat "$messages" >&2; exit 97; }
          sleep 0.02
        done
        cat "$messages" >&2; echo "never said: $1" >&2; kill $capture; exit 96
      }
      frame() {
        perl -e '$if = shift; socket(S, 17, 3, 0) or die;
          bind(S, pack("SnlSCCa8", 17, 3, $if, 0, 0, 0, "")) or die;
          send(S, pack("H*", $_), 0) or die for @ARGV' $(ip -o link show $1 | cut -d: -f1) $(echo "$@" | cut -d " " -f 2-) || exit 95
      }
      stop() { kill -INT $capture; }
      messages=$0
      ip link add left type veth peer name right || exit 99
      for end in left right; do
        echo 1 > /proc/sys/net/ipv6/conf/$end/disable_ipv6; ip link set $end up || exit 98
      done
      ip link set lo up
      setpriv --pdeathsig KILL "$@" 2> "$messages" & capture=$!
      said "capturing on"
      \(steps)
      wait $capture; status=$?
      cat "$messages" >&2
      exit $status
      """
    return try await BuiltProgram.run(
      arguments, through: ["unshare", "-n", "sh", "-c", script, scratch.path(of: "messages")])
  }

  /// Octets as hexadecimal digits.
  static func hex(_ octets: some Sequence<UInt8>) -> String {
    octets.map { String(String(0x100 + Int($0), radix: 16).dropFirst()) }.joined()
  }
}
