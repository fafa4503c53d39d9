import Foundation
import SystemPackage

extension Error {
  /// The errno behind an error of Foundation, whose own codes lump many of them together; nil when
  /// none is kept.
  var systemCause: Errno? {
    guard let cause = (self as NSError).userInfo[NSUnderlyingErrorKey] as? any Error else {
      return nil
    }
    let error = cause as NSError
    return error.domain == NSPOSIXErrorDomain ? Errno(rawValue: Int32(error.code)) : nil
  }

  /// The system's own words for it, or else Foundation's.
  var systemReason: String { systemCause?.description ?? localizedDescription }
}
