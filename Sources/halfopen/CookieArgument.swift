import ArgumentParser
import SynCookies
import Wire

/// Reads the arguments of the cookie verbs; each refusal says what is wrong with the text.
enum CookieArgument {
  /// A whole number, decimal or after `0x` hexadecimal.
  static func number<Number: FixedWidthInteger & UnsignedInteger>(
    _ text: String
  ) throws(ValidationError) -> Number {
    let isHexadecimal = text.hasPrefix("0x") || text.hasPrefix("0X")
    let digits = isHexadecimal ? text.dropFirst(2) : Substring(text)
    guard digits.utf8.allSatisfy({ $0 != 0x2B && $0 != 0x2D }),
      let number = Number(digits, radix: isHexadecimal ? 16 : 10)
    else {
      throw ValidationError(
        "must be a whole number from 0 to \(Number.max), decimal or after 0x hexadecimal, "
          + "not '\(text)'.")
    }
    return number
  }

  static func word(_ text: String) throws -> UInt32 { try number(text) }

  static func longWord(_ text: String) throws -> UInt64 { try number(text) }

  static func segmentSize(_ text: String) throws -> UInt16 { try number(text) }

  static func windowScale(_ text: String) throws -> UInt8 { try number(text) }

  static func sequence(_ text: String) throws -> SequenceNumber {
    SequenceNumber(try number(text))
  }

  /// `address:port`, or `[address]:port` for IPv6.
  static func endpoint(_ text: String) throws -> Endpoint {
    guard let colon = text.lastIndex(of: ":"),
      let port = try? number(String(text[text.index(after: colon)...])) as UInt16
    else { throw noEndpoint(text) }
    let host = text[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]"), let address = IPv6Address(host.inner) {
      return Endpoint(.v6(address), port: port)
    }
    guard let address = IPv4Address(host) else { throw noEndpoint(text) }
    return Endpoint(.v4(address), port: port)
  }

  private static func noEndpoint(_ text: String) -> ValidationError {
    ValidationError(
      "must be an address and a port, such as 192.0.2.1:80 or [2001:db8::1]:80, not '\(text)'.")
  }

  /// 16 octets in hexadecimal.
  static func key(_ text: String) throws -> SipKey {
    let octets = try octets(text, count: 16)
    let half = { (part: ArraySlice<UInt8>) in
      part.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    }
    return SipKey(low: half(octets[..<8]), high: half(octets[8...]))
  }

  /// 64 octets in hexadecimal.
  static func nonce(_ text: String) throws -> GVisorNonce {
    guard let nonce = GVisorNonce(octets: try octets(text, count: 64)) else {
      throw ValidationError("must be 64 octets.")
    }
    return nonce
  }

  private static func octets(
    _ text: String, count: Int
  ) throws(ValidationError) -> [UInt8] {
    let digits = Array((text.hasPrefix("0x") ? text.dropFirst(2) : Substring(text)).utf8)
    let octets = stride(from: 0, to: digits.count - 1, by: 2).compactMap { start in
      let pair = String(decoding: digits[start...start + 1], as: UTF8.self)
      return pair.first == "+" || pair.first == "-" ? nil : UInt8(pair, radix: 16)
    }
    guard digits.count == 2 * count, octets.count == count else {
      throw ValidationError(
        "must be \(count) octets, that is \(2 * count) hexadecimal digits, not '\(text)'.")
    }
    return octets
  }

  /// The name of a scheme; a misspelt one is told what it resembles.
  static func scheme(_ text: String) throws -> CookieSchemeName {
    guard let name = CookieSchemeName(rawValue: text) else {
      let names = CookieSchemeName.allCases.map(\.rawValue)
      let nearest = NearestName.nearest(to: text, among: names) ?? ""
      throw ValidationError(
        "must be one of \(names.joined(separator: ", ")), not '\(text)'; did you mean "
          + "'\(nearest)'?")
    }
    return name
  }
}

extension Substring {
  /// The string without its first and last character.
  fileprivate var inner: Substring { dropFirst().dropLast() }
}
