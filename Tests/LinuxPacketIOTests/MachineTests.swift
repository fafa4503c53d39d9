import Determinism
import LinuxPacketIO
import Testing

@Suite("Clocks, entropy and errors of the machine")
struct MachineTests {
  @Test("the monotonic clock never goes back and starts at zero")
  func monotonicClock() {
    var earlier = MonotonicClock.now
    #expect(earlier.nanoseconds >= 0)
    for _ in 0..<1_000 {
      let later = MonotonicClock.now
      #expect(later >= earlier)
      earlier = later
    }
  }

  @Test("the wall clock is past 2024")
  func wallClock() {
    #expect(WallClock.now.nanoseconds > 1_704_067_200_000_000_000)
  }

  @Test("entropy has the asked length and never repeats", arguments: [0, 1, 8, 256, 257, 1_000])
  func entropy(count: Int) throws {
    #expect(try KernelEntropy.octets(count).count == count)
    #expect(try KernelEntropy.word() != KernelEntropy.word())
  }

  @Test("a system call's error names the call and the kernel's reason")
  func errors() {
    let error = SystemCallError(call: "bind lo", code: 1)
    #expect(error.description == "bind lo: Operation not permitted")
    #expect(error.isPermission)
    #expect(!SystemCallError(call: "bind lo", code: 19).isPermission)
  }

  @Test("loopback is listed, known by name, and known as loopback")
  func loopback() throws {
    let loopback = try #require(try NetworkInterface.named("lo"))
    #expect(loopback.isLoopback)
    #expect(loopback.hardwareType == 772)
    #expect(try NetworkInterface.all().contains { $0.name == "lo" && $0.index == loopback.index })
  }

  @Test(
    "a name that no interface has finds nothing",
    arguments: ["", "nonesuch0", "a-name-far-beyond-fifteen-octets"])
  func noInterface(name: String) throws {
    #expect(try NetworkInterface.named(name) == nil)
  }
}
