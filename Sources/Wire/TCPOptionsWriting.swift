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
    guard self != .none else { return }
    let octets = try octets()
    guard octets.count <= Self.octetLimit else {
      throw .doesNotFit(.tcp, octets: octets.count, limit: Self.octetLimit)
    }
    bytes += octets
  }

  private func octets() throws(EncodingError) -> [UInt8] {
    var octets: [UInt8] = []
    octets.reserveCapacity(Self.octetLimit)
    if let maximumSegmentSize {
      octets += [2, 4]
      octets.appendBigEndian(maximumSegmentSize)
    }
    if sackPermitted || timestamps != nil { octets += sackPermitted ? [4, 2] : [1, 1] }
    if let timestamps {
      octets += [8, 10]
      octets.appendBigEndian(timestamps.value)
      octets.appendBigEndian(timestamps.echoReply)
    } else if sackPermitted {
      octets += [1, 1]
    }
    if let windowScale { octets += [1, 3, 3, windowScale] }
    for option in others { try octets.append(option) }
    while octets.count % 4 != 0 { octets.append(0) }
    return octets
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
