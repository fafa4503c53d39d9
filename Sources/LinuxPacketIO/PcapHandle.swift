import CPcap

/// An activated handle of libpcap, closed when its owner goes away.
@safe
final class PcapHandle {
  let pointer: OpaquePointer

  /// Opens an interface: from here on packets are collected.
  ///
  /// - Throws: ``CaptureError`` with libpcap's verdict.
  init(_ settings: CaptureSettings) throws(CaptureError) {
    var text = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    guard let created = unsafe pcap_create(settings.interface, &text) else {
      let reason = text.map { UInt8(bitPattern: $0) }.prefix { $0 != 0 }
      throw .libpcap(String(decoding: reason, as: UTF8.self))
    }
    unsafe pointer = created
    unsafe pcap_set_snaplen(created, CInt(settings.snapLength))
    unsafe pcap_set_promisc(created, settings.isPromiscuous ? 1 : 0)
    unsafe pcap_set_timeout(created, CInt(clamping: settings.delayMilliseconds))
    unsafe pcap_set_buffer_size(created, CInt(clamping: settings.bufferOctets))
    unsafe pcap_set_tstamp_precision(created, PCAP_TSTAMP_PRECISION_NANO)
    let status = unsafe pcap_activate(created)
    guard status >= 0 else { throw refusal(status, about: settings.interface) }
    var reason = text
    guard unsafe pcap_setnonblock(created, 1, &reason) == 0 else { throw lastError }
  }

  deinit { unsafe pcap_close(pointer) }

  /// What libpcap said of the last call that failed.
  var lastError: CaptureError { .libpcap(unsafe String(cString: pcap_geterr(pointer))) }

  /// Compiles a filter for this interface.
  func filter(_ expression: String) throws(CaptureError) -> PacketFilter {
    do throws(FilterError) {
      return unsafe try PacketFilter(expression, handle: pointer)
    } catch {
      throw .badFilter(error)
    }
  }

  /// Whether a name is that of an interface, or of libpcap's own for all of them.
  private func isKnown(_ name: String) -> Bool {
    name == CaptureSettings.everyInterface || (try? NetworkInterface.named(name)) != nil
  }

  private func refusal(_ status: CInt, about interface: String) -> CaptureError {
    switch status {
    case PCAP_ERROR_NO_SUCH_DEVICE: .noSuchInterface(interface)
    case PCAP_ERROR_PERM_DENIED, PCAP_ERROR_PROMISC_PERM_DENIED:
      // libpcap asks for the permission before it looks for the interface.
      isKnown(interface)
        ? .notPermitted(call: "pcap_activate \(interface)") : .noSuchInterface(interface)
    case PCAP_ERROR_IFACE_NOT_UP: .interfaceDown(interface)
    default: lastError
    }
  }
}
