import CZlib

/// Unpacks gzip, member after member, with zlib.
@safe final class GzipUnpacker: Unpacker {
  let packing = Packing.gzip
  private(set) var isBetweenMembers = false
  // zlib's state points back at it: it must stay where it is.
  private let stream: UnsafeMutablePointer<z_stream>
  private var hasEnded = false

  /// Starts one; nil when there is no memory for it.
  init?() {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    // 15 bits of window, the largest of the format; 16 more ask for gzip's frame, not zlib's.
    let status = unsafe inflateInit2_(
      stream, 15 + 16, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size))
    guard status == Z_OK else { return nil }
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
  }

  func unpack(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) -> UnpackingStep {
    if hasEnded {
      guard let first = unsafe input.first else { return UnpackingStep() }
      // gzip(1) passes over zeros, with which tapes and cards are filled up.
      if first == 0 { return UnpackingStep(used: 1) }
      let second = unsafe input.count > 1 ? input[1] : 0x8B
      guard first == 0x1F, second == 0x8B else {
        return UnpackingStep(problem: .trailingOctets)
      }
      unsafe inflateReset(stream)
      hasEnded = false
    }
    unsafe stream.pointee.next_in = UnsafeMutablePointer(
      mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
    unsafe stream.pointee.avail_in = CUnsignedInt(clamping: input.count)
    unsafe stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    unsafe stream.pointee.avail_out = CUnsignedInt(clamping: output.count)
    let status = unsafe inflate(stream, Z_NO_FLUSH)
    var step = unsafe UnpackingStep(
      used: min(input.count, Int(CUnsignedInt.max)) - Int(stream.pointee.avail_in),
      made: min(output.count, Int(CUnsignedInt.max)) - Int(stream.pointee.avail_out))
    switch status {
    case Z_STREAM_END: hasEnded = true
    // Z_BUF_ERROR: nothing was possible with what was given, and that is no fault.
    case Z_OK, Z_BUF_ERROR: break
    default:
      let words = unsafe stream.pointee.msg.map { unsafe String(cString: $0) }
      step.problem = .refused(words ?? "error \(status)")
    }
    isBetweenMembers = hasEnded
    return step
  }
}
