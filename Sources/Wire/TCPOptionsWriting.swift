extension TCPOptions {
  /// The most octets that a header has for options.
  public static let octetLimit = 40

  /// Appends the options in their canonical form, padded with zeros to a multiple of 4 octets.
  ///
  /// The order and the alignment are those of Linux (`net/ipv4/tcp_output.c`, tcp_options_write),
  /// so that a receiver's fast path for timestamps finds them where it looks: MSS, SACK-permitted,
  /// timestamps, window scale, each word-aligned by options of kind 1; then ``others``.
  ///
  /// - Throws: ``EncodingError/doesNotFit(_:octets:limit:)`` when they need more than 40 octets,
  ///   and ``EncodingError/unwritableOption(kind:)`` for an unknown option of kind 0 or 1; `bytes`
  ///   is then as it was.
  public func append(to bytes: inout [UInt8]) throws(EncodingError) {
    let start = bytes.count
    do throws(EncodingError) {
      try write(to: &bytes, from: start)
    } catch {
      bytes.removeSubrange(start...)
      throw error
    }
  }

  /// Writes where it shall stand: a SYN-ACK is written for every SYN of a flood.
  private func write(to bytes: inout [UInt8], from start: Int) throws(EncodingError) {
    if let maximumSegmentSize {
      bytes.appendBigEndian(0x0204 << 16 | UInt32(maximumSegmentSize))
    }
    if let timestamps {
      bytes.appendBigEndian((sackPermitted ? 0x0402 : 0x0101) << 16 | 0x080A as UInt32)
      bytes.appendBigEndian(timestamps.value)
      bytes.appendBigEndian(timestamps.echoReply)
    } else if sackPermitted {
      bytes.appendBigEndian(0x0402_0101 as UInt32)
    }
    if let windowScale { bytes.appendBigEndian(0x0103_0300 | UInt32(windowScale)) }
    for option in others { try bytes.append(option) }
    while (bytes.count - start) % 4 != 0 { bytes.append(0) }
    guard bytes.count - start <= Self.octetLimit else {
      throw .doesNotFit(.tcp, octets: bytes.count - start, limit: Self.octetLimit)
    }
  }

  /// The octets that ``append(to:)`` appends, where it can.
  var encodedLength: Int {
    var length = (maximumSegmentSize == nil ? 0 : 4) + (windowScale == nil ? 0 : 4)
    length += timestamps != nil ? 12 : sackPermitted ? 4 : 0
    for option in others { length += option.encodedLength }
    return (length + 3) & ~3
  }
}

extension TCPOption {
  /// Kind, length and value.
  fileprivate var encodedLength: Int {
    switch self {
    case .sack(let blocks): 2 + 8 * blocks.count
    case .fastOpen(let cookie): 2 + cookie.count
    case .unknown(_, let value): 2 + value.count
    }
  }
}

extension [UInt8] {
  /// Appends kind, length and value of `option`.
  fileprivate mutating func append(_ option: TCPOption) throws(EncodingError) {
    let start = count
    switch option {
    case .sack(let blocks):
      self += [5, 0]
      for block in blocks {
        appendBigEndian(block.leftEdge.rawValue)
        appendBigEndian(block.rightEdge.rawValue)
      }
    case .fastOpen(let cookie):
      self += [34, 0]
      self += cookie
    case .unknown(let kind, let value):
      guard kind > 1 else { throw .unwritableOption(kind: kind) }
      self += [kind, 0]
      self += value
    }
    self[start + 1] = UInt8(clamping: count - start)  // above 40 the caller refuses it anyway
  }
}
