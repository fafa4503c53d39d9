extension Property {
  /// Every property, in the order of their names.
  public static let all: [Property] = [
    Synchronization.bothEndsAgree,
    Synchronization.onlyItsOwnNumberEstablishes,
    SynSentRules.staleSynAckIsReset,
    Synchronization.oneAcceptPerHandshake,
    SynReceivedRules.synReceivedEnds,
    SynSentRules.synSentEnds,
    SynSentRules.onlyAcknowledgingResetRefuses,
    Resets.resetDrawsNoReset,
    Resets.resetShape,
    SynReceivedRules.resetEndsSynReceived,
    Options.onlyWhatBothOffer,
    Schedules.retransmissionsAreOnTime,
    WireForms.bytesAndValuesAgree,
    PoolLaws.occupancyIsBounded,
    PoolLaws.nothingIsLost,
    PoolLaws.duplicateSynTakesNoSlot,
    PoolLaws.everyEntryLeaves,
    PoolGrowth.largerPoolAdmitsMore,
    PoolLaws.timeIsConserved,
    CookieLaws.honestPeersPass,
    CookieLaws.cookieBindsItsConnection,
    CookieLaws.oldCookiesAreRefused,
    CookieLaws.cookiesCostNothing,
    Repetition.equalSeedsGiveEqualRuns,
  ]
}
