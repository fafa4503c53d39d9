import Foundation
import LinuxPacketIO
import TestSupport

/// Five hosts in a row, each in a network namespace of its own, the three in the middle routers; all
/// of it goes away with the shell that made it.
///
/// Between host N−1 and host N lies 198.18.N.0/24 and 2001:db8:N::/64, the former host 1 there, the
/// latter 2. Host 3 knows that nothing leads to 198.18.99.0/24 and 2001:db8:99::/64, and that
/// nobody may go to 198.18.98.0/24.
enum RouterChain {
  /// Runs shell lines on the first host.
  ///
  /// - Parameters:
  ///   - steps: Lines for sh: `trace ARGUMENTS` is `halfopen datagram trace`, and `on HOST COMMAND`
  ///     runs something on `h1` to `h4`.
  ///   - scratch: Where the shell runs.
  /// - Returns: How the shell ended.
  /// - Throws: What Foundation throws when the shell cannot be started.
  static func run(_ steps: String, in scratch: ScratchDirectory) async throws -> Outcome {
    let script = """
      cd "$1"; halfopen=$2
      mkdir -p /run/netns; mount -t tmpfs none /run/netns || exit 99
      settle='for where in all default; do
          echo 0 > /proc/sys/net/ipv6/conf/$where/accept_dad
          echo 1 > /proc/sys/net/ipv6/conf/$where/forwarding
        done
        # Every message, however quickly they are asked for.
        echo 1 > /proc/sys/net/ipv4/ip_forward; echo 0 > /proc/sys/net/ipv4/icmp_ratemask
        echo 0 > /proc/sys/net/ipv6/icmp/ratelimit
        ip link set lo up'
      on() { where=$1; shift; [ $where = h0 ] && "$@" || ip netns exec $where "$@"; }
      sh -c "$settle"
      for host in h1 h2 h3 h4; do ip netns add $host && on $host sh -c "$settle" || exit 98; done
      for number in 1 2 3 4; do
        last=h$((number - 1)); host=h$number
        on $last ip link add right type veth peer name left netns /run/netns/$host || exit 98
        on $last ip link set right up; on $host ip link set left up
        on $last ip address add 198.18.$number.1/24 dev right
        on $host ip address add 198.18.$number.2/24 dev left
        on $last ip address add 2001:db8:$number::1/64 dev right nodad
        on $host ip address add 2001:db8:$number::2/64 dev left nodad
        on $last ip route add default via 198.18.$number.2
        on $last ip -6 route add default via 2001:db8:$number::2
        on $host ip route add 198.18.1.0/24 via 198.18.$number.1 2> messages
        on $host ip -6 route add 2001:db8:1::/64 via 2001:db8:$number::1 2> messages
      done
      on h3 ip route add unreachable 198.18.99.0/24
      on h3 ip route add prohibit 198.18.98.0/24
      on h3 ip -6 route add unreachable 2001:db8:99::/64
      trace() { setpriv --bounding-set=-all --inh-caps=-all "$halfopen" datagram trace "$@"; }
      \(steps)
      """
    return try await BuiltProgram.run(
      [], through: ["unshare", "-n", "-m", "sh", "-c", script, "sh", scratch.path])
  }
}
