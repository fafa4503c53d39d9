import Annotation
import CaptureFiles

/// The capture that the program carries with it, for machines where it may not make one.
enum BundledCapture {
  /// `captures/ipv4-handshake.pcapng` as it stood when the program was built, explained.
  static func annotated() -> AnnotatedCapture {
    let contents = CaptureContents(reading: PackageResources.ipv4_handshake_pcapng)
    return AnnotatedCapture(annotating: contents.packets)
  }
}
