import StampService

extension StampClient {
  /// Asks a server with all the time in the world: for tests in which the time-out is not the
  /// subject, however busy the machine is.
  static func getPatiently(_ host: String, port: UInt16) async throws -> StampReading {
    try await get(host, port: port, timeout: .seconds(3_600))
  }
}
