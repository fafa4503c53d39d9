public import Determinism
public import Wire

/// One thing that a probe sends, and when.
public struct ProbeStep: Hashable, Sendable {
  /// What it is for.
  public var question: ProbeQuestion
  /// Which of the probe's ports it is sent from, from 0.
  public var port: Int
  /// What is sent.
  public var action: Action
  /// How long after the last SYN it is sent at the earliest.
  public var gap: Nanoseconds

  /// What a step sends.
  public enum Action: Hashable, Sendable {
    /// A SYN with this offer and this initial sequence number, and what follows its answer.
    case syn(ProbeOffer, number: SequenceNumber, Variant, afterwards: Afterwards)
    /// A RST for the half-open connection of the port's last SYN, at this place of its window.
    case reset(WindowPlace)
    /// An ACK that belongs to nothing.
    case strayAcknowledgment(number: SequenceNumber, acknowledgment: SequenceNumber)
  }

  /// What makes a SYN an odd one.
  public enum Variant: Hashable, Sendable {
    /// Nothing.
    case plain
    /// It carries FIN too.
    case withFin
    /// It carries data.
    case withData
    /// It is a second one for a half-open connection, numbered within that one's window.
    case withinWindow
    /// It is a second one for a half-open connection, numbered outside that one's window.
    case outsideWindow
  }

  /// What follows the answer to a SYN.
  public enum Afterwards: Hashable, Sendable {
    /// A RST, so that whatever the listener keeps is forgotten.
    case reset
    /// Nothing: the half-open connection is what the next steps are about.
    case keep
    /// Nothing, and the probe listens until the listener gives up.
    case listen
  }

  /// A place beside a half-open connection's window.
  public enum WindowPlace: String, Hashable, Sendable, CaseIterable {
    /// One before the next number that is expected.
    case before
    /// Within the window, and not its first number.
    case within
    /// The last number of the window.
    case last
    /// The first number beyond the window.
    case rightEdge = "right-edge"
    /// Well beyond the window.
    case beyond
    /// Exactly the next number.
    case exact
  }

  /// Creates a step.
  public init(
    _ question: ProbeQuestion, port: Int, _ action: Action, gap: Nanoseconds
  ) {
    self.question = question
    self.port = port
    self.action = action
    self.gap = gap
  }

  /// Whether it sends a SYN.
  public var isSyn: Bool {
    if case .syn = action { true } else { false }
  }
}

/// What can be asked of a listener.
public enum ProbeQuestion: String, Hashable, Sendable, CaseIterable {
  /// Whether it is there, how it draws its numbers, its clock, and whether it sends cookies.
  case handshake
  /// Which options it answers, under every offer.
  case options
  /// What draws a reset or a challenge.
  case resets
  /// When it sends a SYN-ACK again, and when it gives up.
  case schedule

  /// How many SYNs asking it takes, repetitions for lost ones not counted.
  public var syns: Int {
    switch self {
    case .handshake: 8
    case .options: ProbeOffer.table.count
    case .resets: 7
    case .schedule: 1
    }
  }
}

extension ProbeStep.Action: CustomStringConvertible {
  /// What is sent, in a few words.
  public var description: String {
    switch self {
    case .syn(let offer, let number, let variant, let afterwards):
      "\(variant) \(number.rawValue), offering \(offer)" + (afterwards == .reset ? "; RST" : "")
    case .reset(let place): "RST \(place)"
    case .strayAcknowledgment(let number, let acknowledgment):
      "ACK \(number.rawValue)/\(acknowledgment.rawValue) of nothing"
    }
  }
}

extension ProbeStep.Variant: CustomStringConvertible {
  /// The segment's name.
  public var description: String {
    switch self {
    case .plain: "SYN"
    case .withFin: "SYN with FIN"
    case .withData: "SYN with data"
    case .withinWindow: "second SYN within the window,"
    case .outsideWindow: "second SYN outside the window,"
    }
  }
}

extension ProbeStep.WindowPlace: CustomStringConvertible {
  /// The place in words.
  public var description: String {
    switch self {
    case .before: "one before the window"
    case .within: "within the window"
    case .last: "at the window's last number"
    case .rightEdge: "at the first number beyond the window"
    case .beyond: "well beyond the window"
    case .exact: "at exactly the next number"
    }
  }
}
