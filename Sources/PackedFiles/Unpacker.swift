/// What turns packed octets into what they were.
protocol Unpacker: AnyObject {
  /// What it unpacks.
  var packing: Packing { get }
  /// Whether the input so far ends where a member or frame ends, at least one of them.
  var isBetweenMembers: Bool { get }
  /// Unpacks from `input` into `output`, as far as both reach.
  func unpack(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) -> UnpackingStep
}

/// What one step of unpacking did.
struct UnpackingStep {
  /// How many octets of the input are used up.
  var used = 0
  /// How many octets of the output were made, before a problem too.
  var made = 0
  /// Why it cannot go on; nil when it can.
  var problem: PackingDamage.Problem?
}
