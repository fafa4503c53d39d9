public import Determinism
public import Handshake

/// A known way to send an unanswered SYN or SYN-ACK again.
public enum BackoffPattern: String, Hashable, Sendable, CaseIterable {
  /// SYNs of Linux 6.5 and later: five waits of 1 s, then doubling (`tcp_syn_linear_timeouts` 4).
  case linux
  /// SYNs of Apple's systems: the same waits (`tcp_syn_backoff` of bsd/netinet/tcp_timer.c), given up
  /// after 75 s.
  case apple
  /// SYNs of Linux from 3.1 to 6.4: doubling from 1 s.
  case linuxDoubling = "linux-doubling"
  /// SYNs of FreeBSD: doubling from 1 s (`tcp_rexmit_initial`), given up after 75 s.
  case freeBSD = "freebsd"
  /// SYNs of Windows 10 and later: doubling from 1 s, four times, given up after 21 s; widely
  /// reported, not checked.
  case windows
  /// SYNs of Linux before 3.1: doubling from 3 s.
  case linuxOld = "linux-old"
  /// SYNs of Windows 2000 to 8: 3 and 6 s, given up after 21 s (`TcpInitialRTT`,
  /// `TcpMaxConnectRetransmissions`).
  case windowsOld = "windows-old"
  /// SYN-ACKs of Linux since 3.1: doubling from 1 s, five times (`tcp_synack_retries`).
  case linuxSynAck = "linux-syn-ack"
  /// SYN-ACKs of FreeBSD: three more, given up after 15 s (`syncache_timeout`).
  case freeBSDSynAck = "freebsd-syn-ack"
  /// SYN-ACKs of gVisor: doubling from 1 s, six times.
  case gVisorSynAck = "gvisor-syn-ack"
  /// SYN-ACKs of Linux before 3.1, BSD and Windows of that time: doubling from 3 s.
  case oldSynAck = "old-syn-ack"

  /// Which segment is sent again.
  public enum Segment: Hashable, Sendable {
    /// A client's SYN.
    case syn
    /// A server's SYN-ACK.
    case synAck
  }

  /// Which segment it is for.
  public var segment: Segment {
    switch self {
    case .linux, .apple, .linuxDoubling, .freeBSD, .windows, .linuxOld, .windowsOld: .syn
    case .linuxSynAck, .freeBSDSynAck, .gVisorSynAck, .oldSynAck: .synAck
    }
  }

  /// The waits, as asked of the timer, and how many there are by default.
  public var schedule: RetransmissionSchedule {
    switch self {
    case .linux: .linuxSyn
    case .apple:
      RetransmissionSchedule(initialTimeout: .seconds(1), linearTimeouts: 4, retries: 10)
    case .linuxDoubling: .doublingSyn
    case .freeBSD: RetransmissionSchedule(initialTimeout: .seconds(1), retries: 6)
    case .windows: RetransmissionSchedule(initialTimeout: .seconds(1), retries: 4)
    case .linuxOld: RetransmissionSchedule(initialTimeout: .seconds(3), retries: 5)
    case .windowsOld: RetransmissionSchedule(initialTimeout: .seconds(3), retries: 2)
    case .linuxSynAck: .synAck
    case .freeBSDSynAck: RetransmissionSchedule(initialTimeout: .seconds(1), retries: 3)
    case .gVisorSynAck: RetransmissionSchedule(initialTimeout: .seconds(1), retries: 6)
    case .oldSynAck: RetransmissionSchedule(initialTimeout: .seconds(3), retries: 5)
    }
  }

  /// From the first transmission to when the sender gives up, by default.
  public var givesUpAfter: Nanoseconds {
    switch self {
    case .apple, .freeBSD: .seconds(75)
    case .windows, .windowsOld: .seconds(21)
    case .linux, .linuxDoubling, .linuxOld, .linuxSynAck, .freeBSDSynAck, .gVisorSynAck,
      .oldSynAck:
      schedule.lifetime
    }
  }

  /// Whether its timers are those of Linux's wheel, which fire late by up to an eighth.
  var isOnWheel: Bool {
    switch self {
    case .linux, .linuxDoubling, .linuxOld, .linuxSynAck: true
    case .apple, .freeBSD, .windows, .windowsOld, .freeBSDSynAck, .gVisorSynAck, .oldSynAck:
      false
    }
  }

  /// The lengths that the wait after transmission `number`, 0 for the first, may have on a wire.
  ///
  /// 30 ms, or a thirtieth of the wait where that is more, either way for the path between sender
  /// and capture. On Linux also the width of the timer's slot, up to 8/63 of the wait
  /// (``TimerWheel``); elsewhere a tenth either way, for timers that are gathered to save power.
  func wait(after number: Int) -> ClosedRange<Nanoseconds> {
    let nominal = schedule.timeout(after: number).count
    let path = max(30_000_000, nominal / 30)
    let early = isOnWheel ? path : max(path, nominal / 10)
    let late = isOnWheel ? path + nominal / 63 * 8 : max(path, nominal / 10)
    return Nanoseconds(nominal - early)...Nanoseconds(nominal + late)
  }
}

extension BackoffPattern: CustomStringConvertible {
  /// Who sends so.
  public var description: String {
    switch self {
    case .linux: "Linux 6.5 or later"
    case .apple: "Apple"
    case .linuxDoubling: "Linux before 6.5"
    case .freeBSD: "FreeBSD"
    case .windows: "Windows 10 or later"
    case .linuxOld: "Linux before 3.1"
    case .windowsOld: "Windows before 10"
    case .linuxSynAck: "Linux"
    case .freeBSDSynAck: "FreeBSD"
    case .gVisorSynAck: "gVisor"
    case .oldSynAck: "a stack from before 2011"
    }
  }
}
