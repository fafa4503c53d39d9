public import CaptureFiles

/// The formats of ``AnnotatedCapture``, each written in a file of its own; tshark's table is
/// ``TsharkTable``, since tshark sorts packets into streams by rules of its own.
extension AnnotatedCapture {
  /// A diagram for each flow: client left, server right, time downwards.
  public func ladder(_ layout: LadderLayout = LadderLayout()) -> String {
    LadderFormat(capture: self, layout: layout).text
  }

  /// One line a packet, then one a flow.
  public func lines(isASCII: Bool = false) -> String {
    TextFormat(capture: self, isASCII: isASCII).text
  }

  /// One JSON object a packet, one a flow and one for the capture, each on its line.
  public var jsonLines: String { JSONLinesFormat(capture: self).text }

  /// A table of the flows with their verdicts.
  public var tsv: String { TSVFormat(capture: self).text }

  /// A sequence diagram for Mermaid.
  public var mermaid: String { MermaidFormat(capture: self).text }

  /// A pcapng file of the same packets with their meanings as comments.
  ///
  /// - Parameters:
  ///   - contents: What this capture was annotated from, packet by packet.
  ///   - application: The program's name and version, which the file's section keeps.
  /// - Returns: The whole file.
  public func pcapng(of contents: CaptureContents, application: String) -> [UInt8] {
    PcapngFormat(capture: self, contents: contents, application: application).bytes
  }
}
