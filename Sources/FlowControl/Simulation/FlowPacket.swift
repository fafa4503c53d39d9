/// One copy of a packet on its way.
struct FlowPacket: Sendable {
  var number: Int
  var serial = 0
  var octets: Int
  /// How many routers may still pass it on, plus 1.
  var timeToLive: Int
  var isDamaged = false
}
