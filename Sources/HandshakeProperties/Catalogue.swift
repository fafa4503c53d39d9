extension Property {
  /// Every property, in the order of their names.
  public static let all: [Property] =
    stateMachine + pool + cookies + simulation + verdicts + flow

  /// S: what the state machine of one end, and of two, owes the standards.
  private static let stateMachine: [Property] = [
    Interleavings.bothOrNeither,
    Synchronization.bothEndsAgree,
    Synchronization.onlyItsOwnNumberEstablishes,
    SynSentRules.staleSynAckIsReset,
    Synchronization.oneAcceptPerHandshake,
    Interleavings.fourSegments,
    Interleavings.noTrap,
    Interleavings.halfOpenIsFound,
    SynReceivedRules.synReceivedEnds,
    SynSentRules.synSentEnds,
    Perseverance.someoneEstablishes,
    SynSentRules.onlyAcknowledgingResetRefuses,
    Challenges.onlyTheNextNumberResets,
    Challenges.synChangesNothing,
    Challenges.acknowledgmentIsBounded,
    Resets.resetDrawsNoReset,
    Resets.resetShape,
    SynReceivedRules.resetEndsSynReceived,
    ShiftInvariance.numbersHaveNoOrigin,
    Options.onlyWhatBothOffer,
    SegmentSizes.announcedSizeIsKept,
    Schedules.retransmissionsAreOnTime,
    Schedules.retransmissionsAreEqual,
    SequenceNumbers.clockAndSecretDecide,
    WireForms.bytesAndValuesAgree,
    ChallengePaces.answersArePaced,
  ]

  /// P: what the half-open pool owes everybody, and what queueing theory says of it.
  private static let pool: [Property] = [
    PoolLaws.occupancyIsBounded,
    PoolLaws.nothingIsLost,
    PoolLaws.duplicateSynTakesNoSlot,
    PoolLaws.everyEntryLeaves,
    PoolGrowth.largerPoolAdmitsMore,
    PoolLaws.timeIsConserved,
    LossSystem.arrivalsSeeTimeAverages,
    LossSystem.blockingIsErlangs,
    LossSystem.roomForAllIsPoisson,
    Evictions.oldestLeavesAfterAllOthers,
    Evictions.survivalIsExponential,
    StackLaws.ageingIsAsMeasured,
    StackLaws.lastQuarterIsForFriends,
  ]

  /// C: what a cookie proves, and what it costs.
  private static let cookies: [Property] = [
    CookieLaws.honestPeersPass,
    CookieSchemes.onlyMadeCookiesPass,
    CookieSchemes.cookieBindsItsConnection,
    CookieSchemes.oldCookiesAreRefused,
    CookieLaws.cookiesCostNothing,
    StackLaws.modeDecides,
    StackLaws.cookiesNeedAnOverflow,
    CookieLaws.replayMakesNoConnection,
    CookieLaws.timestampsKeepOptions,
    StackLaws.fullAcceptQueueHoldsBack,
  ]

  /// M: what a simulation's outcome depends on, and what not.
  private static let simulation: [Property] = [
    Repetition.equalSeedsGiveEqualRuns,
    Symmetries.paceMakesNoDifference,
    Symmetries.namesMakeNoDifference,
    Symmetries.cookiesHideTheFlood,
  ]

  /// V: what may be said of a listener from outside.
  private static let verdicts: [Property] = [
    Verdicts.cookiesAreNamedRightly,
    Verdicts.portsAreNamedRightly,
  ]

  /// F: what flow control owes the two ends of a path, and what its formulas say.
  private static let flow: [Property] = [
    FlowLaws.bucketConforms,
    FlowLaws.everythingArrives,
    FlowLaws.windowIsKept,
    FlowLaws.booksBalance,
    FlowLaws.equalSeedsGiveEqualFlows,
    FlowForms.windowFillsTheLink,
    FlowForms.lossesCostWhatTheyShould,
    FlowForms.queuesLoseWhatTheyShould,
  ]
}
