import ArgumentParser
import Determinism
import FlowControl

/// What `halfopen flow` can be asked on the command line.
struct FlowFlags: ParsableArguments {
  @Option(
    name: .customLong("control"),
    help: ArgumentHelp(
      "A control to compare; repeatable. (default: stop-and-wait, go-back-n, selective-repeat, reno)",
      valueName: "control"))
  var controls: [ControlName] = []

  @Option(help: "The most packets under way, the receiver's window included.")
  var window = 64

  @Option(
    help: "How far beyond the oldest missing packet selective-repeat may send. (default: --window)")
  var reach: Int?

  @Option(
    help: ArgumentHelp(
      "How long to wait for an acknowledgment, or adaptive (RFC 6298, at least --least-timeout).",
      valueName: "duration|adaptive"))
  var timeout = TimeoutArgument.adaptive

  @Option(
    help: "What an adaptive time-out is at least. (default: 200ms)",
    transform: DurationArgument.parse)
  var leastTimeout = DurationArgument.milliseconds(200)

  @Option(
    help: "Packets that arrive after a lost one before it is taken for lost; 0: its time-out only.")
  var threshold = 3

  @Option(
    help: "The token bucket's rate. (default: 5Mbit)", transform: RateArgument.parse)
  var bucketRate = RateArgument(bitsPerSecond: 5_000_000)

  @Option(help: "What the token bucket holds, in octets.")
  var burst: Int64 = 15_000

  @Option(help: "What each link carries. (default: 10Mbit)", transform: RateArgument.parse)
  var rate = RateArgument(bitsPerSecond: 10_000_000)

  @Option(help: "What each link takes one way. (default: 20ms)", transform: DurationArgument.parse)
  var delay = DurationArgument.milliseconds(20)

  @Option(help: "Routers on the way, each with a queue and a link; 0: the sender has the link.")
  var routers = 1

  @Option(help: "Packets that can wait at a router.")
  var queue = 50

  @Option(help: "Whom a router turns away.")
  var discipline = DisciplineName.tailDrop

  @Option(help: "Random early detection's lower mark, in packets. (default: a sixth of --queue)")
  var redLeast: Double?

  @Option(help: "Its upper mark, in packets. (default: half of --queue)")
  var redMost: Double?

  @Option(help: "The share that it turns away just below the upper mark, from 0 to 1.")
  var redPeak = 0.1

  @Option(
    name: .customLong("ttl"), help: "Each router takes one off, and drops what has none left.")
  var timeToLive = 64

  @Option(help: "A packet's length, or its mean, in octets.")
  var packet = 1_000

  @Option(help: "How lengths are spread.")
  var lengths = LengthName.fixed

  @Option(help: "What the application hands over: as much as is wanted, or --offered packets/s.")
  var arrivals = ArrivalName.saturated

  @Option(help: "Packets a second that the application hands over.")
  var offered = 1_000.0

  @Option(
    help: ArgumentHelp(
      "What else happens to packets: loss=5%,duplicate=1%,reorder=2%,corrupt=0.1%,delay=10ms.",
      valueName: "impairment"), transform: ImpairmentArgument.parse)
  var impair = Impairment()

  @Option(
    help: ArgumentHelp("What happens to acknowledgments.", valueName: "impairment"),
    transform: ImpairmentArgument.parse)
  var impairAcks = Impairment()

  @Option(help: "When the receiver acknowledges.")
  var ack = AckName.atOnce

  @Option(help: "Delayed acknowledgments: one for so many packets.")
  var ackEvery = 2

  @Option(
    help: "How long one can be put off. (default: 40ms)", transform: DurationArgument.parse)
  var ackDelay = DurationArgument.milliseconds(40)

  @Option(help: "Packets a second that the receiving end sends, for piggybacked acknowledgments.")
  var reverseRate = 50.0

  @Option(help: "How long to run. (default: 60s)", transform: DurationArgument.parse)
  var duration = DurationArgument.seconds(60)

  @Option(help: "Equal seeds print equal reports.")
  var seed: UInt64 = 1

  func validate() throws {
    let counts: [(String, Int, ClosedRange<Int>)] = [
      ("--window", window, 1...1_000_000), ("--reach", reach ?? window, window...1_000_000),
      ("--threshold", threshold, 0...1_000), ("--routers", routers, 0...64),
      ("--queue", queue, 0...1_000_000), ("--ttl", timeToLive, 1...255),
      ("--packet", packet, 1...65_535), ("--ack-every", ackEvery, 1...1_000),
    ]
    for (name, value, range) in counts where !range.contains(value) {
      throw ValidationError(
        "\(name) must be from \(range.lowerBound) to \(range.upperBound), not \(value).")
    }
    guard (1...1_000_000_000).contains(burst) else {
      throw ValidationError("--burst must be from 1 to 1000000000, not \(burst).")
    }
    guard (0...1).contains(redPeak) else {
      throw ValidationError("--red-peak must be from 0 to 1, not \(redPeak).")
    }
    for (name, value) in [("--offered", offered), ("--reverse-rate", reverseRate)]
    where !(0...1e9).contains(value) {
      throw ValidationError("\(name) must be from 0 to 1e9 packets a second, not \(value).")
    }
    guard duration.length > .zero, duration.length <= .seconds(1_000_000) else {
      throw ValidationError("--duration must be longer than 0 and at most 1000000s.")
    }
  }
}
