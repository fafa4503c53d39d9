import CZstd

/// Unpacks zstd, frame after frame, skippable ones too, with libzstd.
@safe final class ZstdUnpacker: Unpacker {
  let packing = Packing.zstd
  private(set) var isBetweenMembers = false
  private let context: OpaquePointer
  private var framesEnded = 0

  /// The largest window that is given, as a power of two: zstd -d's own limit, 128 MiB.
  private static let windowLog: CInt = 27

  /// Starts one; nil when there is no memory for it.
  init?() {
    guard let context = unsafe ZSTD_createDCtx() else { return nil }
    unsafe self.context = context
    unsafe ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Self.windowLog)
  }

  deinit { unsafe ZSTD_freeDCtx(context) }

  func unpack(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) -> UnpackingStep {
    var from = unsafe ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
    var into = unsafe ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
    let left = unsafe ZSTD_decompressStream(context, &into, &from)
    var step = unsafe UnpackingStep(used: from.pos, made: into.pos)
    guard ZSTD_isError(left) == 0 else {
      step.problem = problem(left)
      return step
    }
    if left == 0 { framesEnded += 1 }
    // A step that took and gave nothing changes nothing, and the next frame's header is its own.
    if step.used > 0 || step.made > 0 { isBetweenMembers = left == 0 }
    return step
  }

  private func problem(_ result: Int) -> PackingDamage.Problem {
    // An error is its code, negated (zstd_errors.h).
    switch CUnsignedInt(truncatingIfNeeded: -result) {
    case ZSTD_error_prefix_unknown.rawValue where framesEnded > 0 && isBetweenMembers:
      .trailingOctets
    case ZSTD_error_frameParameter_windowTooLarge.rawValue:
      .windowTooLarge(limit: 1 << Self.windowLog)
    default:
      .refused(unsafe String(cString: ZSTD_getErrorName(result)))
    }
  }
}
