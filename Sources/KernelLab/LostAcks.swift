import Glibc
public import LinuxPacketIO

/// The loss of each client's final ACK, once: what a server that speaks first comes to grief on.
public enum LostAcks {
  /// Drops, where it leaves the client, the first segment of each client port that is a pure ACK:
  /// with nft(8), which has to be there.
  ///
  /// - Throws: ``SystemCallError``: with ENOENT where there is no nft, with EINVAL where it or the
  ///   kernel refuses.
  public static func arrange(in lab: KernelLab) throws(SystemCallError) {
    let nft = try ChildProcess(["nft", rules], in: lab[.client])
    guard nft.wait() == 0 else { throw SystemCallError(call: "nft", code: EINVAL) }
  }

  /// A pure ACK ends with its TCP header; the set remembers a port whose first has been dropped.
  private static let rules = """
    table netdev halfopen {
      set answered { type inet_service; size 65535; flags dynamic; }
      chain leaving {
        type filter hook egress device "c0" priority 0; policy accept;
        tcp flags & (fin | syn | rst | psh | ack) == ack tcp sport != @answered \
          add @answered { tcp sport } counter drop
      }
    }
    """
}
