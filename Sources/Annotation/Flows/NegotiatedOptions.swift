public import Wire

/// What two ends hold to after SYN and SYN-ACK: an option counts only when both sent it.
public struct NegotiatedOptions: Hashable, Sendable {
  /// The client's and the server's shift of windows, at most 14; nil unless both offered one.
  public var windowScale: WindowShifts?
  /// Whether selective acknowledgments may be sent.
  public var sack: Bool
  /// Whether every segment carries timestamps.
  public var timestamps: Bool
  /// The most octets of data that the client may send in a segment: the server's MSS.
  public var segmentSizeToServer: UInt16
  /// The most octets of data that the server may send in a segment: the client's MSS.
  public var segmentSizeToClient: UInt16

  /// The two shifts.
  public struct WindowShifts: Hashable, Sendable {
    /// By how many bits the client's windows are shifted.
    public var client: UInt8
    /// By how many bits the server's windows are shifted.
    public var server: UInt8
  }

  /// Works out what holds.
  ///
  /// - Parameters:
  ///   - client: The options of the SYN.
  ///   - server: The options of the SYN-ACK.
  ///   - address: An address, whose family gives the default MSS (RFC 9293 §3.7.1).
  public init(client: TCPOptions, server: TCPOptions, address: IPAddress) {
    windowScale = client.windowScale.flatMap { clientShift in
      // RFC 7323 §2.3: a larger shift counts as 14.
      server.windowScale.map { WindowShifts(client: min(clientShift, 14), server: min($0, 14)) }
    }
    sack = client.sackPermitted && server.sackPermitted
    timestamps = client.timestamps != nil && server.timestamps != nil
    segmentSizeToServer = server.maximumSegmentSize ?? address.defaultMaximumSegmentSize
    segmentSizeToClient = client.maximumSegmentSize ?? address.defaultMaximumSegmentSize
  }
}
