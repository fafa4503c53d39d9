/// Two ends and the network between them, in numbers of an ``EndTable``.
///
/// Two states are equal if and only if the ends' keys, the segments under way and what may still go
/// wrong are: no history but what is named here, and no time, which each end's key holds as its own.
struct InterleavingState: Hashable {
  var client: UInt16
  var server: UInt16
  var flights = Flights()
  var lossesLeft: UInt8
  var duplicatesLeft: UInt8
  var writesLeft: UInt8
  var closesLeft: UInt8
  var crashesLeft: UInt8
  /// How many segments were sent; counted only where a law asks.
  var sent: UInt8 = 0
  /// The laws that the step to this state broke; such a state is the end of its run.
  var breaches: Breaches = []
}

/// One of the two ends.
enum EndName: Hashable {
  case client
  case server
}

/// What happens next between two ends.
enum InterleavingStep: Hashable {
  /// A segment arrives.
  case arrives(UInt8)
  /// A segment arrives, and a copy of it stays under way.
  case arrivesTwice(UInt8)
  /// A segment is lost.
  case isLost(UInt8)
  /// An end's next deadline is there.
  case timer(EndName)
  /// An end's application writes an octet.
  case writes(EndName)
  /// An end's application closes.
  case closes(EndName)
  /// An end forgets everything.
  case crashes(EndName)
}
