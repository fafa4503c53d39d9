/// An endless supply of keys out of one.
///
/// The word number n is SipHash-2-4 of n under the secret: nobody without the secret can tell one
/// word from chance, nor from all the others. A scheme that needs several keys is thus made from as
/// little as one that needs a single one.
struct DerivedKeys: RandomNumberGenerator, Sendable {
  private let secret: SipKey
  private var drawn: UInt64 = 0

  init(secret: SipKey) {
    self.secret = secret
  }

  mutating func next() -> UInt64 {
    var hash = SipHash(key: secret)
    hash.absorb(drawn)
    drawn &+= 1
    return hash.finish(tail: 0, length: 8)
  }

  mutating func key() -> SipKey { SipKey(low: next(), high: next()) }

  mutating func linuxKeys() -> LinuxCookieKeys { LinuxCookieKeys(still: key(), counted: key()) }
}
