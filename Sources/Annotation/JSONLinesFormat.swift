import Determinism
import Handshake
import Wire

/// One JSON object a line: the packets in the file's order, then the flows, then the capture.
struct JSONLinesFormat {
  let capture: AnnotatedCapture

  var text: String {
    var lines = capture.packets.map { packet($0).text }
    for index in capture.flows.indices { lines.append(flow(index).text) }
    lines.append(summary.text)
    return lines.joined(separator: "\n") + "\n"
  }

  private func object(_ record: String) -> JSONObject {
    var object = JSONObject()
    object.add("schema", "halfopen.annotate/1")
    object.add("record", record)
    return object
  }

  private func packet(_ packet: AnnotatedPacket) -> JSONObject {
    let segment = packet.segment
    var object = object("packet")
    object.add("frame", segment.frame)
    object.add("flow", packet.flow)
    object.add("time_ns", segment.isTimed ? segment.time.nanoseconds : nil)
    object.add(
      "since_first_ns",
      segment.isTimed ? capture.start.map { (segment.time - $0).count } : nil)
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
    object.add("role", packet.role.name)
    object.add("gap_ns", packet.role.gap?.count)
    object.add("client_before", packet.client.before?.rawValue)
    object.add("client_after", packet.client.after?.rawValue)
    object.add("server_before", packet.server.before?.rawValue)
    object.add("server_after", packet.server.after?.rawValue)
    object.add("stamp_unix_s", packet.stamp?.seconds)
    object.add("remarks", packet.remarks)
    return object
  }

  private func options(_ options: TCPOptions) -> JSONObject {
    var object = JSONObject()
    object.add("mss", options.maximumSegmentSize)
    object.add("window_scale", options.windowScale)
    object.add("sack_permitted", options.sackPermitted)
    object.add("timestamp_value", options.timestamps?.value)
    object.add("timestamp_echo", options.timestamps?.echoReply)
    object.add("others", TCPOptions(others: options.others).words)
    return object
  }

  private func flow(_ index: Int) -> JSONObject {
    let flow = capture.flows[index]
    var object = object("flow")
    object.add("flow", index)
    object.add("client", "\(flow.client)")
    object.add("server", "\(flow.server)")
    object.add("basis", flow.basis.rawValue)
    object.add("verdict", flow.verdict.rawValue)
    object.add("first_frame", flow.firstFrame)
    object.add("first_time_ns", flow.firstTime.nanoseconds)
    object.add("packets", flow.packets.count)
    object.add("syns", flow.synCount)
    object.add("syn_acks", flow.synAckCount)
    object.add("client_isn", flow.clientNumber?.rawValue)
    object.add("server_isn", flow.serverNumber?.rawValue)
    object.add("client_offer", flow.clientOffer.map { options($0) })
    object.add("server_offer", flow.serverOffer.map { options($0) })
    object.add("agreed", flow.agreement.map { agreement($0) })
    object.add("rtt_server_side_ns", flow.timing.serverSide?.length.count)
    object.add("rtt_server_side_by", flow.timing.serverSide?.certainty.rawValue)
    object.add("rtt_client_side_ns", flow.timing.clientSide?.length.count)
    object.add("rtt_client_side_by", flow.timing.clientSide?.certainty.rawValue)
    object.add("rtt_ns", flow.timing.roundTrip?.length.count)
    object.add("refusal_ns", flow.timing.refusal?.length.count)
    object.add("connect_ns", flow.timing.connect?.count)
    object.add("reset_by", flow.resetSenders.map(\.rawValue))
    object.add("stamp_unix_s", flow.stamp?.seconds)
    object.add("icmp_errors", flow.icmpErrors.map(\.text))
    return object
  }

  private func agreement(_ agreed: NegotiatedOptions) -> JSONObject {
    var object = JSONObject()
    object.add("mss_to_server", agreed.segmentSizeToServer)
    object.add("mss_to_client", agreed.segmentSizeToClient)
    object.add("window_scale_client", agreed.windowScale?.client)
    object.add("window_scale_server", agreed.windowScale?.server)
    object.add("sack", agreed.sack)
    object.add("timestamps", agreed.timestamps)
    return object
  }

  private var summary: JSONObject {
    var object = object("capture")
    object.add("frames", capture.frameCount)
    object.add("tcp_packets", capture.packets.count)
    object.add("flows", capture.flows.count)
    var left = JSONObject()
    for kind in capture.leftOut { left.add(kind.name, kind.count) }
    object.add("left_out", left)
    return object
  }
}

extension AnnotatedFlow {
  /// The ends that sent a reset which counted, the client first.
  var resetSenders: [FlowEnd] { [.client, .server].filter { resets.contains($0) } }
}
