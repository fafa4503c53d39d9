import Determinism
import Wire

/// One line a flow with its verdict, columns with tabulators between, `-` for what is not known.
struct TSVFormat {
  let capture: AnnotatedCapture

  private static let columns = [
    "#flow", "client", "server", "verdict", "first_frame", "packets", "syns", "syn_acks",
    "client_isn", "server_isn", "rtt_server_side_ns", "rtt_client_side_ns", "rtt_ns", "rtt_by",
    "connect_ns", "mss_to_server", "mss_to_client", "window_scale_client",
    "window_scale_server", "sack", "timestamps", "reset_by", "stamp_unix_s",
  ]

  var text: String {
    var text = Self.columns.joined(separator: "\t") + "\n"
    for index in capture.flows.indices {
      text += line(index).joined(separator: "\t") + "\n"
    }
    return text
  }

  private func line(_ index: Int) -> [String] {
    let flow = capture.flows[index]
    let agreed = flow.agreement
    let resets = flow.resetSenders.map(\.rawValue).joined(separator: ",")
    let certainty = flow.timing.roundTrip ?? flow.timing.serverSide ?? flow.timing.clientSide
    return [
      "\(index)", "\(flow.client)", "\(flow.server)", flow.verdict.rawValue,
      "\(flow.firstFrame)", "\(flow.packets.count)", "\(flow.synCount)", "\(flow.synAckCount)",
      known(flow.clientNumber?.rawValue), known(flow.serverNumber?.rawValue),
      known(flow.timing.serverSide?.length.count), known(flow.timing.clientSide?.length.count),
      known(flow.timing.roundTrip?.length.count), known(certainty?.certainty.rawValue),
      known(flow.timing.connect?.count), known(agreed?.segmentSizeToServer),
      known(agreed?.segmentSizeToClient), known(agreed?.windowScale?.client),
      known(agreed?.windowScale?.server), known(agreed.map { $0.sack ? 1 : 0 }),
      known(agreed.map { $0.timestamps ? 1 : 0 }), resets.isEmpty ? "-" : resets,
      known(flow.stamp?.seconds),
    ]
  }

  private func known(_ value: (some CustomStringConvertible)?) -> String {
    value.map(\.description) ?? "-"
  }
}
