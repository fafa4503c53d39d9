/// The passes; each goes from the end of the sequence to its front, since what was chosen late
/// depends on what was chosen early and not the other way round.
extension Shrinker {
  /// Leaves out `length` choices in a row; where that alone does not do, lowers by one the choice
  /// before them as well, which may be the number of things of which one is now gone.
  mutating func deleteBlocks(of length: Int) {
    var start = best.values.count - length
    while start >= 0 {
      guard start + length <= best.values.count else {
        start -= 1
        continue
      }
      var shorter = best.values
      shorter.removeSubrange(start..<start + length)
      var isShorter = attempt(shorter)
      if !isShorter, start > 0, shorter[start - 1] > 0 {
        shorter[start - 1] -= 1
        isShorter = attempt(shorter)
      }
      if !isShorter { start -= 1 }
    }
  }

  /// Puts zeros in the place of `length` choices in a row.
  mutating func zeroBlocks(of length: Int) {
    var start = best.values.count - length
    while start >= 0 {
      if start + length <= best.values.count {
        var zeroed = best.values
        for index in start..<start + length { zeroed[index] = 0 }
        _ = attempt(zeroed)
      }
      start -= 1
    }
  }

  /// Lowers each choice as far as halving the distance finds.
  mutating func lowerEach() {
    for index in best.values.indices.reversed() where index < best.values.count {
      lower(index) { values, value in values[index] = value }
    }
  }

  /// Sorts `length` choices in a row.
  mutating func sortWindows(of length: Int) {
    var start = best.values.count - length
    while start >= 0 {
      if start + length <= best.values.count {
        var sorted = best.values
        sorted[start..<start + length].sort()
        _ = attempt(sorted)
      }
      start -= 1
    }
  }

  /// Takes from a choice what it can give to the one `distance` behind it, so that of two numbers
  /// with a fixed sum the second carries it all.
  mutating func moveValues(over distance: Int) {
    for index in best.values.indices.reversed() where index + distance < best.values.count {
      let sum = best.values[index].addingReportingOverflow(best.values[index + distance])
      guard !sum.overflow else { continue }
      lower(index) { values, value in
        guard index + distance < values.count else { return }
        values[index] = value
        values[index + distance] = sum.partialValue - value
      }
    }
  }

  /// Finds a low value for the choice at `index` with which the property still breaks: 0, then by
  /// halving, then one less.
  private mutating func lower(_ index: Int, _ change: (inout [UInt64], UInt64) -> Void) {
    guard index < best.values.count, best.values[index] > 0 else { return }
    if attempt(to: 0, change) { return }
    var low: UInt64 = 0
    while index < best.values.count, best.values[index] - low > 1 {
      let middle = low + (best.values[index] - low) / 2
      let high = best.values[index]
      if !attempt(to: middle, change) { low = middle }
      guard index < best.values.count, best.values[index] <= high, best.values[index] > low else {
        return
      }
    }
  }

  private mutating func attempt(
    to value: UInt64, _ change: (inout [UInt64], UInt64) -> Void
  ) -> Bool {
    var values = best.values
    change(&values, value)
    return attempt(values)
  }
}
