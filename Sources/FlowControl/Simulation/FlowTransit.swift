import Determinism

/// What happens to packets between the two ends, and to acknowledgments on the way back.
extension FlowRun {
  /// A packet comes to a router: it goes on the link, waits, or is dropped.
  mutating func enter(_ router: Int, _ packet: FlowPacket) {
    var packet = packet
    packet.timeToLive -= 1
    guard packet.timeToLive > 0 else {
      path.outlived += 1
      return
    }
    let isIdle = routers[router].onLink == nil
    let isAdmitted = routers[router].queue.admits(
      at: now, isIdle: isIdle, service: scenario.path.sendingTime(of: scenario.packetOctets),
      using: &queueChance)
    guard isAdmitted else {
      path.turnedAway += 1
      return
    }
    if isIdle {
      putOnLink(of: router, packet)
    } else if routers[router].queue.append(packet, using: &queueChance) != nil {
      path.turnedAway += 1
    }
  }

  private mutating func putOnLink(of router: Int, _ packet: FlowPacket) {
    routers[router].onLink = packet
    events.schedule(
      .forwarded(router: router), at: now + scenario.path.sendingTime(of: packet.octets))
  }

  /// A router's link has sent its packet, and takes the next.
  mutating func leaveLink(of router: Int) {
    if let packet = routers[router].onLink {
      if router + 1 < routers.count {
        events.schedule(.reach(router: router + 1, packet), at: now + scenario.path.delay)
      } else {
        crossLastLink(packet)
      }
    }
    routers[router].onLink = nil
    if let next = routers[router].queue.popFirst(at: now) { putOnLink(of: router, next) }
  }

  /// The sender's own link has sent its packet.
  mutating func leaveOwnLink() {
    if let packet = onOwnLink { crossLastLink(packet) }
    onOwnLink = nil
  }

  private mutating func crossLastLink(_ packet: FlowPacket) {
    copies.removeAll(keepingCapacity: true)
    scenario.path.forward.decide(
      packetOf: packet.octets, using: &forwardChance, into: &copies)
    if copies.isEmpty { path.lostOnLink += 1 }
    path.doubled += max(0, copies.count - 1)
    for copy in copies {
      var arriving = packet
      arriving.isDamaged = copy.turnedBit != nil
      events.schedule(.arrive(arriving), at: now + scenario.path.delay + copy.delay)
    }
  }

  /// A packet comes to the receiver; one that is damaged is as good as lost.
  mutating func arrive(_ packet: FlowPacket) {
    guard !packet.isDamaged else {
      path.damaged += 1
      return
    }
    guard scenario.control.repeatsLosses else {
      delivery.deliver(packet.number, octets: packet.octets, at: now)
      return
    }
    let first = receiver.next
    switch receiver.receive(
      packet.number, serial: packet.serial, at: now, into: &acknowledgments)
    {
    case .released(let below):
      for number in first..<below {
        delivery.deliverInOrder(number, octets: scenario.packetOctets, at: now)
      }
    case .kept, .duplicate, .notKept: break
    }
    sendBack()
  }

  /// Sends what the receiver has to say.
  mutating func sendBack() {
    for acknowledgment in acknowledgments {
      copies.removeAll(keepingCapacity: true)
      scenario.path.backward.decide(
        packetOf: FlowPath.acknowledgmentOctets, using: &backwardChance, into: &copies)
      for copy in copies where copy.turnedBit == nil {
        events.schedule(
          .acknowledge(acknowledgment), at: now + scenario.path.propagation + copy.delay)
      }
    }
    acknowledgments.removeAll(keepingCapacity: true)
  }
}
