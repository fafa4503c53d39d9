import Annotation
import CaptureFiles
import LinuxPacketIO
import StampService
import Wire

/// One stamp fetched over loopback, and everything that passed on the wire meanwhile.
struct StampExchange {
  /// What the client read.
  let stamp: Int64
  /// What was captured, explained.
  let capture: AnnotatedCapture
  /// The same as a pcapng file with a comment on each packet.
  let commentedFile: [UInt8]

  /// Starts the server on loopback, captures its port, lets one client fetch the stamp, and stops
  /// everything again, after a failure too.
  static func capture(through backend: CaptureBackend) async throws -> Self {
    let server = try await serve()
    do {
      let exchange = try await capture(server, through: backend)
      await server.stop()
      return exchange
    } catch {
      await server.stop()
      throw error
    }
  }

  /// On the usual port, or, where that is taken, on any that is free.
  private static func serve() async throws -> StampServer {
    do {
      return try await serve(on: StampServerConfiguration.defaultPort)
    } catch {
      return try await serve(on: 0)
    }
  }

  private static func serve(on port: UInt16) async throws -> StampServer {
    let configuration = StampServerConfiguration(hosts: ["127.0.0.1"], port: port)
    return try await StampServer.start(configuration) { _ in }
  }

  private static func capture(
    _ server: StampServer, through backend: CaptureBackend
  ) async throws -> Self {
    let port = server.endpoints.first?.port ?? 0
    let running = try begin(CaptureSettings(interface: "lo", filter: "tcp port \(port)"), backend)
    let reading = try await StampClient.get("127.0.0.1", port: port, timeout: .seconds(10))
    let recording = try await running.stop()
    let file = file(of: recording)
    return Self(
      stamp: reading.seconds,
      capture: AnnotatedCapture(annotating: CaptureContents(reading: file).packets),
      commentedFile: CommentedCopy.of(file))
  }

  private static func begin(
    _ settings: CaptureSettings, _ backend: CaptureBackend
  ) throws -> BackgroundCapture {
    do throws(CaptureError) {
      return try BackgroundCapture(settings, through: backend)
    } catch {
      throw CaptureFailure.beginning(error, on: settings.interface)
    }
  }

  private static func file(of recording: Recording) -> [UInt8] {
    let encoder = CaptureEncoder(
      .pcapng, linkType: recording.linkType, snapLength: recording.snapLength, on: "lo")
    var records = RecordBuffer(capacity: 1 << 16)
    for packet in recording.packets {
      encoder.append(packet.facts, packet.octets.span, to: &records)
    }
    return encoder.beginning + records.octets + encoder.ending(recording.counts)
  }
}
