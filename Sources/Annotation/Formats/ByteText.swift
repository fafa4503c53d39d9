import Wire

/// Text put together octet by octet in a row that is long enough: a table of a million rows has no
/// time for strings.
extension MutableSpan<UInt8> {
  @inline(__always)
  mutating func put(_ octet: UInt8, at cursor: inout Int) {
    self[cursor] = octet
    cursor &+= 1
  }

  @inline(__always)
  mutating func put(_ octets: Span<UInt8>, at cursor: inout Int) {
    for index in octets.indices { put(octets[index], at: &cursor) }
  }

  mutating func put(text: String, at cursor: inout Int) {
    put(text.utf8Span.span, at: &cursor)
  }

  mutating func put(decimal number: UInt32, at cursor: inout Int) {
    var place = cursor &+ number.digits
    cursor = place
    var rest = number
    while rest >= 100 {
      let hundredth = rest / 100
      let pair = rest &- hundredth &* 100
      let tens = (pair &* 103) >> 10  // pair / 10, for pairs below 100
      place &-= 2
      self[place] = 0x30 &+ UInt8(truncatingIfNeeded: tens)
      self[place &+ 1] = 0x30 &+ UInt8(truncatingIfNeeded: pair &- tens &* 10)
      rest = hundredth
    }
    if rest >= 10 {
      let tens = (rest &* 103) >> 10
      self[place &- 2] = 0x30 &+ UInt8(truncatingIfNeeded: tens)
      rest &-= tens &* 10
    }
    self[place &- 1] = 0x30 &+ UInt8(truncatingIfNeeded: rest)
  }

  mutating func put(decimal number: Int64, at cursor: inout Int) {
    if number < 0 { put(0x2D, at: &cursor) }
    guard let small = UInt32(exactly: number.magnitude) else {
      return put(large: number.magnitude, at: &cursor)
    }
    put(decimal: small, at: &cursor)
  }

  private mutating func put(large number: UInt64, at cursor: inout Int) {
    let (upper, lower) = number.quotientAndRemainder(dividingBy: 1_000_000_000)
    if let small = UInt32(exactly: upper) {
      put(decimal: small, at: &cursor)
    } else {
      put(large: upper, at: &cursor)
    }
    var rest = lower
    for place in stride(from: cursor &+ 8, through: cursor, by: -1) {
      self[place] = 0x30 &+ UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
    cursor &+= 9
  }

  mutating func put(_ endpoint: Endpoint, at cursor: inout Int) {
    switch endpoint.address {
    case .v4(let address):
      put(decimal: address.rawValue >> 24, at: &cursor)
      put(0x2E, at: &cursor)
      put(decimal: address.rawValue >> 16 & 255, at: &cursor)
      put(0x2E, at: &cursor)
      put(decimal: address.rawValue >> 8 & 255, at: &cursor)
      put(0x2E, at: &cursor)
      put(decimal: address.rawValue & 255, at: &cursor)
    case .v6(let address):
      put(0x5B, at: &cursor)
      put(text: address.description, at: &cursor)
      put(0x5D, at: &cursor)
    }
    put(0x3A, at: &cursor)
    put(decimal: UInt32(endpoint.port), at: &cursor)
  }
}

extension UInt32 {
  /// How many decimal digits the number has.
  fileprivate var digits: Int {
    self < 10_000
      ? self < 100 ? self < 10 ? 1 : 2 : self < 1_000 ? 3 : 4
      : self < 1_000_000
        ? self < 100_000 ? 5 : 6
        : self < 100_000_000
          ? self < 10_000_000 ? 7 : 8 : self < 1_000_000_000 ? 9 : 10
  }
}

extension [UInt8] {
  mutating func append(line: String) {
    append(contentsOf: line.utf8)
    append(0x0A)
  }
}
