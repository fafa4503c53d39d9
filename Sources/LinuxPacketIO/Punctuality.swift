import CLinuxPacketIO
import Glibc

/// Being on time on a busy machine: the real-time class of sched(7), lowest priority.
///
/// It needs CAP_SYS_NICE outside of every user namespace; without it nothing changes. The kernel keeps
/// a twentieth of every second for all others.
public enum Punctuality {
  /// Lets the calling thread run before all ordinary ones, from here on.
  public static func begin() { halfopen_be_punctual(1) }

  /// Lets it be an ordinary one again.
  public static func end() { halfopen_be_punctual(0) }
}
