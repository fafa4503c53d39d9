import Determinism
import Foundation
import LinuxPacketIO
import TestSupport
import Testing

@testable import halfopen

@Suite("The kernel's counters of listeners")
struct KernelCountersTests {
  private static let extended = """
    TcpExt: SyncookiesSent SyncookiesRecv SyncookiesFailed ListenOverflows ListenDrops
    TcpExt: 7 5 2 28 28
    IpExt: InNoRoutes InOctets
    IpExt: 0 626080088
    """
  private static let basic = """
    Tcp: RtoAlgorithm MaxConn ActiveOpens AttemptFails
    Tcp: 1 -1 58573 111
    """

  @Test("are read by nstat's names, in one order, with what the kernel lacks left out")
  func parsed() {
    let counters = KernelCounters(parsing: [Self.extended, Self.basic])
    #expect(
      counters.values.map { "\($0.name) \($0.count)" } == [
        "TcpExtListenOverflows 28", "TcpExtListenDrops 28", "TcpExtSyncookiesSent 7",
        "TcpExtSyncookiesRecv 5", "TcpExtSyncookiesFailed 2", "TcpAttemptFails 111",
      ])
  }

  @Test(
    "tables that are none give none, and no trap",
    arguments: [
      "", "\n\n", "TcpExt:", "TcpExt: ListenDrops\nTcpExt:", "TcpExt: ListenDrops\nIpExt: 3",
      "TcpExt ListenDrops\nTcpExt 3", "TcpExt: ListenDrops\nTcpExt: x",
      "TcpExt: ListenDrops\nTcpExt: 99999999999999999999",
    ])
  func damaged(table: String) {
    #expect(KernelCounters(parsing: [table]).values.isEmpty)
  }

  @Test("tell what grew and not what stood still or went back")
  func deltas() {
    let before = KernelCounters(parsing: [Self.extended, Self.basic])
    let after = KernelCounters(parsing: [
      "TcpExt: SyncookiesSent SyncookiesRecv ListenDrops\nTcpExt: 10 5 3", Self.basic,
    ])
    #expect(after.since(before).map { "\($0.name) \($0.count)" } == ["TcpExtSyncookiesSent 3"])
    #expect(after.since(after).isEmpty)
  }

  @Test("listening ports are those in state 0A, of both families")
  func listeners() {
    let table = """
        sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt
         0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000
         1: 0100007F:0050 0100007F:9C40 01 00000000:00000000 00:00000000 00000000
         2: 00000000000000000000000000000000:01BB 00000000000000000000000000000000:0000 0A 0
      """
    #expect(LocalListeners.ports(parsing: table) == [8_080, 443])
    #expect(LocalListeners.ports(parsing: "\n 0: x 0A 0A 0A\n:: :: :: 0A").isEmpty)
  }

  @Test("news come at most once a second, only what is new, only when a listener is here")
  func news() {
    var drops = 5
    var isHere = true
    let start = Instant(nanoseconds: 0)
    var news = ListenerNews(
      at: start, isRelevant: { isHere },
      read: { KernelCounters(parsing: ["TcpExt: ListenDrops\nTcpExt: \(drops)"]) })
    drops = 6
    #expect(news.news(at: start + .milliseconds(999)) == nil)
    #expect(news.news(at: start + .milliseconds(1_000)) == "TcpExtListenDrops +1")
    drops = 9
    #expect(news.news(at: start + .milliseconds(1_999)) == nil)
    #expect(news.news(at: start + .milliseconds(2_000)) == "TcpExtListenDrops +3")
    #expect(news.news(at: start + .milliseconds(3_000)) == nil)
    #expect(news.total() == "TcpExtListenDrops +4")
    isHere = false
    drops = 10
    #expect(news.news(at: start + .seconds(4)) == nil)
    #expect(news.total() == "TcpExtListenDrops +5")
  }

  @Test("nobody's counters are told when no listener was ever here")
  func foreign() {
    var drops = 5
    var news = ListenerNews(
      at: .zero, isRelevant: { false },
      read: { KernelCounters(parsing: ["TcpExt: ListenDrops\nTcpExt: \(drops)"]) })
    drops = 6
    #expect(news.news(at: .zero + .seconds(2)) == nil)
    #expect(news.total() == nil)
  }

  @Test(
    "a full accept queue shows while it is captured, and in the end",
    .enabled(
      if: VirtualCable.isPossible,
      "skipped, because this process lacks CAP_SYS_ADMIN, CAP_NET_ADMIN or CAP_NET_RAW"))
  func overflow() async throws {
    let scratch = try ScratchDirectory()
    let outcome = try await VirtualCable.run(
      ["capture", "-i", "lo", "-o", scratch.path(of: "capture"), "--port", "8086"],
      while: """
        perl -MIO::Socket::INET -MSocket -e '
          $l = IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1", LocalPort => 8086)
            or die;
          for (1 .. 5) {
            my $c = IO::Socket::INET->new(Proto => "tcp") or die; $c->blocking(0);
            connect($c, sockaddr_in(8086, inet_aton("127.0.0.1"))); push @kept, $c }
          sleep 20' & server=$!
        said "listeners here: "; kill $server; stop
        """, in: scratch)
    #expect(outcome.status == 130, "\(outcome.errors)")
    #expect(outcome.errors.contains("listeners here: TcpExtListenOverflows +"))
    // Though nobody listens any more when it ends.
    #expect(outcome.errors.contains("listeners here, in all: TcpExtListenOverflows +"))
  }
}
