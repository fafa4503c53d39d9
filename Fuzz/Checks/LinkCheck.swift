import Wire

/// What must hold of the link decoder, whatever it is given.
public enum LinkCheck {
  /// Decodes what follows the first two octets as a frame of the link type that they name.
  ///
  /// - Returns: What does not hold, in a sentence; nil when all does.
  public static func complaint(about input: Span<UInt8>) -> String? {
    guard input.count >= 2 else { return nil }
    let linkType = LinkType(rawValue: UInt16(input[0]) << 8 | UInt16(input[1]))
    let frame = input.extracting(2...)
    return complaint(about: frame, linkType, originalLength: nil)
      ?? complaint(about: frame, linkType, originalLength: frame.count + 100)
  }

  // The one place that says which decoder is checked.
  private static func complaint(
    about frame: Span<UInt8>, _ linkType: LinkType, originalLength: Int?
  ) -> String? {
    var decoder = FrameDecoder()
    let reading = decoder.decode(
      frame, linkType: linkType, originalLength: originalLength ?? frame.count, at: 0)
    guard case .frame(let decoded) = reading else { return nil }
    guard case .tcp(let tcp) = decoded.transport else { return nil }
    if decoded.addresses == nil { return "a TCP segment without addresses" }
    if tcp.payload.lowerBound < 0 || tcp.payload.upperBound > frame.count {
      return "a payload at \(tcp.payload) in a frame of \(frame.count) octets"
    }
    if tcp.payloadLength < 0 { return "a payload of \(tcp.payloadLength) octets" }
    guard let segment = decoded.segment(in: frame) else { return "a TCP segment without a value" }
    return segment.payload.count < tcp.payload.count ? "a segment shorter than its payload" : nil
  }
}
