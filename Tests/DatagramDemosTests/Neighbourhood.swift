import Foundation
import LinuxPacketIO
import TestSupport

/// Four hosts on one link, each in a network namespace of its own; all of it goes away with the
/// shell that made it.
///
/// The shell itself is 192.0.2.1 and 2001:db8::1 on `br0`; `r1`, `r2` and `r3` are 192.0.2.11 to 13
/// and 2001:db8::11 to 13 on their `eth0`. Everywhere the routes for groups lead elsewhere, to `aside`
/// or `lo`, so that whoever reaches a neighbour by a group has named the interface.
enum Neighbourhood {
  static let isPossible = Capability.sysAdmin.isEffective && Capability.netAdmin.isEffective

  /// Runs shell lines on the first host.
  ///
  /// - Parameters:
  ///   - steps: Lines for sh: `program ARGUMENTS` is our program, here; `receive HOST TAG
  ///     ARGUMENTS` starts `halfopen datagram receive` on a host; `other HOST TAG COMMAND` starts
  ///     anything that says when it listens; `ready` waits until all listen; `finish` waits until
  ///     all have ended, and prints what they printed, each line behind its TAG.
  ///   - scratch: Where all that goes.
  /// - Returns: How the shell ended; 97 when a receiver did not listen, 96 when one failed.
  /// - Throws: What Foundation throws when the shell cannot be started.
  static func run(_ steps: String, in scratch: ScratchDirectory) async throws -> Outcome {
    let script = """
      cd "$1"; halfopen=$2; tags=
      mkdir -p /run/netns; mount -t tmpfs none /run/netns || exit 99
      # Addresses are used at once: nobody else can have them.
      at_once='for where in all default; do echo 0 > /proc/sys/net/ipv6/conf/$where/accept_dad; done'
      sh -c "$at_once"; ip link set lo up
      ip link add br0 type bridge mcast_snooping 0 && ip link set br0 up || exit 98
      ip address add 192.0.2.1/24 brd + dev br0; ip address add 2001:db8::1/64 dev br0 nodad
      ip link add aside type veth peer name nobody && ip link set aside up || exit 98
      ip link set nobody up; ip address add 198.18.0.1/24 dev aside
      ip route add default dev aside
      elsewhere() {
        ip $2 route add 224.0.0.0/4 dev $1
        ip $2 -6 route add multicast ff00::/8 dev $1 table local metric 1
      }
      elsewhere aside
      for number in 1 2 3; do
        host=r$number; ip netns add $host || exit 98
        ip netns exec $host sh -c "$at_once"
        ip link add v$number type veth peer name eth0 netns $host || exit 98
        ip link set v$number master br0 up; ip -n $host link set lo up; ip -n $host link set eth0 up
        ip -n $host address add 192.0.2.1$number/24 brd + dev eth0
        ip -n $host address add 2001:db8::1$number/64 dev eth0 nodad
        elsewhere lo "-n $host"
      done
      program() { "$halfopen" "$@"; }
      other() {
        host=$1; tag=$2; shift 2
        setpriv --pdeathsig KILL $([ $host = here ] || echo ip netns exec $host) "$@" \\
          > $tag.output 2> $tag.messages &
        tags="$tags $tag"; echo $! > $tag.process
      }
      receive() {
        host=$1; tag=$2; shift 2
        other $host $tag "$halfopen" datagram receive --format jsonl "$@"
      }
      ready() {
        for tag in $tags; do
          for _ in $(seq 500); do grep -qs listening $tag.messages && continue 2; sleep 0.02; done
          cat $tag.messages >&2; exit 97
        done
      }
      finish() {
        for tag in $tags; do
          wait $(cat $tag.process) || { cat $tag.messages >&2; exit 96; }
          sed "s/^/$tag: /" $tag.output
        done
      }
      \(steps)
      """
    return try await BuiltProgram.run(
      [], through: ["unshare", "-n", "-m", "sh", "-c", script, "sh", scratch.path])
  }
}
