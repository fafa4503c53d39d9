import Determinism
import Handshake
import Wire

/// The JSON objects of packets, flows and captures.
///
/// What each key means stands in ``AnnotationSchema``; a test holds the two together.
enum JSONRecord {
  static func packet(_ packet: AnnotatedPacket, since start: Instant?) -> JSONObject {
    let segment = packet.segment
    var object = object("packet")
    object.add("frame", segment.frame)
    object.add("flow", packet.flow)
    object.add("time_ns", segment.isTimed ? segment.time.nanoseconds : nil)
    object.add(
      "since_first_ns", segment.isTimed ? start.map { (segment.time - $0).count } : nil)
    object.add("sender", packet.sender.rawValue)
    object.add("source", "\(segment.source)")
    object.add("destination", "\(segment.destination)")
    object.add("flags", segment.flags.description)
    object.add("sequence", segment.sequence.rawValue)
    object.add("sequence_relative", packet.relativeSequence)
    let hasAck = segment.flags.contains(.ack)
    object.add("acknowledgment", hasAck ? segment.acknowledgment.rawValue : nil)
    object.add("acknowledgment_relative", packet.relativeAcknowledgment)
    object.add("window", segment.window)
    object.add("data_octets", segment.dataLength)
    object.add("options", options(segment.options))
    object.add("checksum", segment.checksum.description)
    object.add("role", packet.role.name)
    object.add("reason", packet.role.reason)
    object.add("gap_ns", packet.role.gap?.count)
    object.add("client_before", packet.client.before?.rawValue)
    object.add("client_after", packet.client.after?.rawValue)
    object.add("server_before", packet.server.before?.rawValue)
    object.add("server_after", packet.server.after?.rawValue)
    object.add("stamp_unix_s", segment.stamp?.seconds)
    object.add("remarks", packet.remarks)
    return object
  }

  static func flow(_ flow: AnnotatedFlow) -> JSONObject {
    let timing = flow.timing
    var object = object("flow")
    object.add("flow", flow.number)
    object.add("client", "\(flow.client)")
    object.add("server", "\(flow.server)")
    object.add("basis", flow.basis.rawValue)
    object.add("verdict", flow.verdict.rawValue)
    object.add("confidence", flow.confidence.rawValue)
    object.add("evidence", flow.evidence)
    object.add("first_frame", flow.firstFrame)
    object.add("last_frame", flow.lastFrame)
    object.add("first_time_ns", flow.firstTime.nanoseconds)
    object.add("packets", flow.packetCount)
    object.add("syns", flow.synCount)
    object.add("syn_acks", flow.synAckCount)
    object.add("captured_twice", flow.duplicateCount)
    object.add("client_isn", flow.clientNumber?.rawValue)
    object.add("server_isn", flow.serverNumber?.rawValue)
    object.add("client_offer", flow.clientOffer.map { options($0) })
    object.add("server_offer", flow.serverOffer.map { options($0) })
    object.add("agreed", flow.agreement.map { agreement($0) })
    object.add("rtt_server_side_ns", timing.serverSide?.length.count)
    object.add("rtt_server_side_by", timing.serverSide?.certainty.rawValue)
    object.add("rtt_client_side_ns", timing.clientSide?.length.count)
    object.add("rtt_client_side_by", timing.clientSide?.certainty.rawValue)
    object.add("rtt_ns", timing.roundTrip?.length.count)
    object.add("refusal_ns", timing.refusal?.length.count)
    object.add("connect_ns", timing.connect?.count)
    object.add("fast_open_octets_taken", flow.fastOpenOctetsTaken)
    object.add("reset_by", flow.resetSenders.map(\.rawValue))
    object.add("captured_at", flow.place.place.rawValue)
    object.add("stamp_unix_s", flow.stamp?.seconds)
    object.add("checksums_left_to_card", flow.unfinishedChecksums)
    object.add("icmp_errors", flow.icmpErrors.map(\.text))
    object.add("options_news", flow.optionNews)
    object.add("syn_backoff", flow.synBackoff.map { "\($0)" })
    object.add("syn_ack_backoff", flow.synAckBackoff.map { "\($0)" })
    object.add("notices", flow.notices)
    return object
  }

  static func summary(_ summary: CaptureSummary) -> JSONObject {
    var object = object("capture")
    object.add("frames", summary.frameCount)
    object.add("tcp_packets", summary.segmentCount)
    object.add("flows", summary.flowCount)
    var left = JSONObject()
    for kind in summary.leftOut { left.add(kind.name, kind.count) }
    object.add("left_out", left)
    return object
  }

  private static func object(_ record: String) -> JSONObject {
    var object = JSONObject()
    object.add("schema", AnnotationSchema.name)
    object.add("record", record)
    return object
  }

  private static func options(_ options: TCPOptions) -> JSONObject {
    var object = JSONObject()
    object.add("mss", options.maximumSegmentSize)
    object.add("window_scale", options.windowScale)
    object.add("sack_permitted", options.sackPermitted)
    object.add("timestamp_value", options.timestamps?.value)
    object.add("timestamp_echo", options.timestamps?.echoReply)
    object.add("others", TCPOptions(others: options.others).words)
    return object
  }

  private static func agreement(_ agreed: NegotiatedOptions) -> JSONObject {
    var object = JSONObject()
    object.add("mss_to_server", agreed.segmentSizeToServer)
    object.add("mss_to_client", agreed.segmentSizeToClient)
    object.add("window_scale_client", agreed.windowScale?.client)
    object.add("window_scale_server", agreed.windowScale?.server)
    object.add("sack", agreed.sack)
    object.add("timestamps", agreed.timestamps)
    return object
  }
}
