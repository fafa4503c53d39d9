import Benchmark
import Determinism
import Handshake
import Wire

/// What a SYN costs a listener that remembers.
func benchmarkPool() {
  /// A SYN that finds the pool full and is left without an answer: what a flood costs once it has
  /// filled the pool.
  ///
  /// Budget: 130 ns, the listener's part of a simulated SYN.
  Benchmark("pool refuses a SYN, full", configuration: .brief) { benchmark in
    run(benchmark, admission: .dropNewest)
  }

  /// A SYN that takes the slot of a random entry and is answered: two changes of the table, two
  /// of each list, one draw, one SYN-ACK.
  ///
  /// Budget: 500 ns, so that 2 million evictions a second can be simulated.
  Benchmark("pool admits a SYN, full, random eviction", configuration: .brief) { benchmark in
    run(benchmark, admission: .evictAtRandom)
  }
}

private func run(_ benchmark: Benchmark, admission: AdmissionPolicy) {
  let local = Endpoint(.v4(IPv4Address(192, 0, 2, 1)), port: 8_086)
  var chance = SeededGenerator(seed: 1)
  var settings = ListenerSettings(mitigation: .pool, backlog: 1_024)
  settings.admission = admission
  var listener = Listener(
    at: local, settings: settings, secrets: ListenerSecrets(from: &chance), chance: chance)
  // A scanner's SYN, from somebody else each time: 131,072 others come before the same again.
  var syn = Segment(
    from: local, to: local, .syn, sequence: SequenceNumber(7), window: 1_024,
    options: TCPOptions(maximumSegmentSize: 1_460))
  func move(to number: Int) {
    syn.source = Endpoint(
      .v4(IPv4Address(rawValue: 0xC612_0000 | UInt32(number & 0x1_FFFF))), port: 1_024)
  }
  var sent: [Segment] = []
  for number in 0..<1_024 {
    move(to: number)
    _ = listener.receive(syn, at: .zero, into: &sent)
  }
  benchmark.startMeasurement()
  for number in benchmark.scaledIterations {
    sent.removeAll(keepingCapacity: true)
    move(to: 1_024 + number)
    blackHole(listener.receive(syn, at: .zero, into: &sent))
  }
  benchmark.stopMeasurement()
}
