/// What a pcap file begins with (draft-ietf-opsawg-pcap §4).
extension CaptureReader {
  mutating func readPcapHeader(
    _ rest: Span<UInt8>, _ magic: PcapMagic, isLast: Bool
  ) throws(CaptureFileError) -> Progress {
    let length = magic.headerLength
    guard rest.count >= length else { return .needs(length, .fileHeader) }
    let major = rest.word16(at: 4, magic.order)
    let minor = rest.word16(at: 6, magic.order)
    guard major == 2 || (major, minor) == (543, 0) else {
      throw failure(.unsupportedVersion(major: major, minor: minor))
    }
    var layout = PcapLayout(
      order: magic.order, resolution: magic.resolution,
      lengths: Self.lengthOrder(major: major, minor: minor),
      snapLength: rest.word32(at: 16, magic.order))
    layout.setLink(rest.word32(at: 20, magic.order))
    if magic.kind == .microseconds, (major, minor) == (2, 2) {
      layout = layout.asAIX ?? layout
    }
    // The variants were made while 2.4 was current: an older version is none of them.
    if major == 2, minor >= 4 {
      let records = rest.extracting(length...)
      switch Self.variant(of: records, as: layout, magic.kind, isLast: isLast) {
      case .known(let variant): layout = layout.with(variant)
      case .needs(let octets): return .needs(length + octets, .record)
      }
    }
    begin(layout)
    return .skip(length)
  }

  private mutating func begin(_ layout: PcapLayout) {
    self.layout = layout
    order = layout.order
    format = .pcap
    let interface = CaptureInterface(
      linkType: layout.linkType, snapLength: layout.snapLength, resolution: layout.resolution,
      checkSequenceBits: layout.checkSequenceBits)
    interfaces = [interface]
    clocks = [InterfaceClock(of: interface)]
  }

  private static func lengthOrder(major: UInt16, minor: UInt16) -> PcapLengthOrder {
    guard major == 2 else { return .wireFirst }
    return minor < 3 ? .wireFirst : minor == 3 ? .largerIsWire : .capturedFirst
  }
}

extension PcapLayout {
  /// Takes in the header's last word: four bits of how many 16-bit words of frame check sequence
  /// there are, one reserved, one that says whether those four count, ten reserved, and the link
  /// type (draft-ietf-opsawg-pcap §4).
  fileprivate mutating func setLink(_ word: UInt32) {
    linkType = UInt16(truncatingIfNeeded: word)
    checkSequenceBits = word & 1 << 26 != 0 ? UInt8(word >> 28) * 16 : nil
  }

  /// The layout as AIX means it, when the link type is an ifType of a local network that no old
  /// libpcap used as a link type (wiretap/libpcap.c); nil when it is none.
  fileprivate var asAIX: Self? {
    let links: [UInt16: UInt16] = [6: 1, 9: 6, 15: 10, 24: 0]
    guard let link = links[linkType] else { return nil }
    return Self(
      order: order, resolution: .nanoseconds, variant: .aix, lengths: lengths,
      snapLength: snapLength, linkType: link)
  }
}
