import Foundation

/// Numbers for people.
enum NumberText {
  /// Two decimals, but 0 and 100 only for none and for all.
  static func percent(_ share: Double) -> String { percent(share, digits: 2) }

  /// Rounded, but 0 and 100 only for none and for all.
  static func percent(_ share: Double, digits: Int) -> String {
    let unit = (0..<digits).reduce(100.0) { unit, _ in unit * 10 }
    let rounded = (share * unit).rounded()
    let shown = share > 0 && share < 1 ? min(max(rounded, 1), unit - 1) : rounded
    return String(format: "%.\(digits)f %%", shown * 100 / unit)
  }

  /// So many digits after the point.
  static func decimals(_ number: Double, _ digits: Int) -> String {
    String(format: "%.\(digits)f", number)
  }

  /// One digit after the point.
  static func oneDecimal(_ number: Double) -> String { String(format: "%.1f", number) }

  /// Three digits that count, however large: `0.196`, `9.62`, `123`.
  static func threeDigits(_ number: Double) -> String {
    switch abs(number) {
    case 100...: String(format: "%.0f", number)
    case 10..<100: String(format: "%.1f", number)
    case 1..<10: String(format: "%.2f", number)
    default: String(format: "%.3f", number)
    }
  }

  /// Digits in groups of three: `1,200,000`.
  static func grouped(_ number: Double) -> String {
    guard number == number.rounded(), abs(number) < 0x1p53 else { return String(number) }
    var text = String(Int64(number))
    var place = text.count - 3
    while place > (number < 0 ? 1 : 0) {
      text.insert(",", at: text.index(text.startIndex, offsetBy: place))
      place -= 3
    }
    return text
  }
}
