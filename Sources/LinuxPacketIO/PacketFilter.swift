import CLinuxPacketIO
import CPcap
import Glibc

/// A compiled filter: a program for the kernel's classic BPF machine.
public struct PacketFilter: Hashable, Sendable {
  /// One instruction (`struct sock_filter` of `<linux/filter.h>`).
  public struct Instruction: Hashable, Sendable {
    /// What to do.
    public let code: UInt16
    /// How many instructions to skip when a test holds.
    public let skipIfTrue: UInt8
    /// How many instructions to skip when a test fails.
    public let skipIfFalse: UInt8
    /// The operand.
    public let operand: UInt32
  }

  /// The program; its result is how many octets of the packet to keep, 0 for none.
  public let instructions: [Instruction]

  /// The filter that keeps the first `snapLength` octets of every packet.
  static func everything(snapLength: Int) -> Self {
    // BPF_RET + BPF_K
    Self(instructions: [
      Instruction(code: 0x06, skipIfTrue: 0, skipIfFalse: 0, operand: UInt32(snapLength))
    ])
  }

  /// The filter that keeps nothing.
  static let nothing = Self(instructions: [
    Instruction(code: 0x06, skipIfTrue: 0, skipIfFalse: 0, operand: 0)
  ])

  /// Compiles a filter in tcpdump's syntax for packets that begin with `linkType`.
  ///
  /// What only a live interface can answer, such as "inbound", is refused here.
  ///
  /// - Parameters:
  ///   - expression: The filter; empty for everything.
  ///   - linkType: A DLT number of libpcap; 1 is Ethernet.
  ///   - snapLength: The most octets to keep of a packet.
  /// - Throws: ``FilterError`` with libpcap's reason.
  public init(
    _ expression: String, linkType: CInt = 1, snapLength: Int = CaptureSettings.largestSnapLength
  ) throws(FilterError) {
    guard let handle = unsafe pcap_open_dead(linkType, CInt(snapLength)) else {
      throw FilterError(expression: expression, reason: "out of memory", accepted: "")
    }
    defer { unsafe pcap_close(handle) }
    unsafe try self.init(expression, handle: handle)
  }

  /// Compiles a filter for what a handle captures.
  init(_ expression: String, handle: OpaquePointer) throws(FilterError) {
    guard let compiled = unsafe Self.compile(expression, handle: handle) else {
      let reason = unsafe String(cString: pcap_geterr(handle))
      throw FilterError(
        expression: expression, reason: reason,
        accepted: unsafe Self.longestBeginning(of: expression, handle: handle))
    }
    instructions = compiled
  }

  init(instructions: [Instruction]) {
    self.instructions = instructions
  }

  /// Attaches the filter to a socket, in place of any other.
  func attach(to descriptor: CInt) throws(SystemCallError) {
    var program = instructions.map {
      sock_filter(code: $0.code, jt: $0.skipIfTrue, jf: $0.skipIfFalse, k: $0.operand)
    }
    let failed = unsafe program.withUnsafeMutableBufferPointer { buffer in
      var header = unsafe sock_fprog(
        len: UInt16(clamping: buffer.count), filter: buffer.baseAddress)
      let size = unsafe socklen_t(MemoryLayout<sock_fprog>.size)
      return unsafe setsockopt(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &header, size) != 0
    }
    if failed { throw .last("SO_ATTACH_FILTER") }
  }

  /// Says whether a packet passes, as the kernel would.
  ///
  /// - Parameters:
  ///   - octets: The packet, from its link-layer header on.
  ///   - originalLength: Its length on the wire; `octets.count` when nil.
  /// - Returns: Whether it does.
  public func accepts(_ octets: Span<UInt8>, originalLength: Int? = nil) -> Bool {
    let program = instructions.map {
      bpf_insn(code: $0.code, jt: $0.skipIfTrue, jf: $0.skipIfFalse, k: $0.operand)
    }
    return unsafe octets.withUnsafeBufferPointer { packet in
      unsafe program.withUnsafeBufferPointer { code in
        unsafe bpf_filter(
          code.baseAddress, packet.baseAddress,
          CUnsignedInt(clamping: originalLength ?? packet.count), CUnsignedInt(packet.count)) != 0
      }
    }
  }

  private static func compile(_ expression: String, handle: OpaquePointer) -> [Instruction]? {
    var program = unsafe bpf_program()
    guard
      unsafe pcap_compile(handle, &program, expression, 1, bpf_u_int32(PCAP_NETMASK_UNKNOWN)) == 0
    else { return nil }
    defer { unsafe pcap_freecode(&program) }
    return unsafe UnsafeBufferPointer(start: program.bf_insns, count: Int(program.bf_len)).map {
      Instruction(code: $0.code, skipIfTrue: $0.jt, skipIfFalse: $0.jf, operand: $0.k)
    }
  }

  /// The longest beginning of a bad filter, in whole words, that compiles.
  private static func longestBeginning(of expression: String, handle: OpaquePointer) -> String {
    let words = expression.split(separator: " ")
    // A filter of many words would take long to try, and the first ones tell enough.
    for word in words.dropLast().prefix(64).reversed() {
      let beginning = String(expression[..<word.endIndex])
      if unsafe compile(beginning, handle: handle) != nil { return beginning }
    }
    return ""
  }
}

/// The libpcap that this program runs with.
public enum Libpcap {
  /// Its name and version, such as "libpcap version 1.10.3 (with TPACKET_V3)".
  public static var version: String { unsafe String(cString: pcap_lib_version()) }
}
