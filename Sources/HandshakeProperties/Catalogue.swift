extension Property {
  /// Every property, in the order of their names.
  public static let all: [Property] = [
    Synchronization.bothEndsAgree, Synchronization.onlyItsOwnNumberEstablishes,
    Synchronization.oneAcceptPerHandshake,
  ]
}
