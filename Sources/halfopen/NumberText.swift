import Foundation

/// Numbers for people.
enum NumberText {
  /// Two decimals, but 0 and 100 only for none and for all.
  static func percent(_ share: Double) -> String {
    let hundredths = (share * 10_000).rounded()
    let shown = share > 0 && share < 1 ? min(max(hundredths, 1), 9_999) : hundredths
    return String(format: "%.2f %%", shown / 100)
  }

  /// One digit after the point.
  static func oneDecimal(_ number: Double) -> String { String(format: "%.1f", number) }

  /// Digits in groups of three: `1,200,000`.
  static func grouped(_ number: Double) -> String {
    guard number == number.rounded(), abs(number) < 0x1p53 else { return String(number) }
    var text = String(Int64(number))
    var place = text.count - 3
    while place > 0 {
      text.insert(",", at: text.index(text.startIndex, offsetBy: place))
      place -= 3
    }
    return text
  }
}
