public import Handshake

/// The connection states of RFC 9293 §3.3.2 without sequence numbers: two peers, and between them
/// two queues that lose nothing and keep the order.
///
/// It is the machine of the TLA+ specification `specifications/tcp` of tlaplus/Examples, told anew:
/// one peer has just opened and the other listens; users may close, the system does what the RFC's
/// figure shows, its notes 2 and 3 included. Nobody opens a second time, and no message is queued
/// behind its like: such steps are counted and not followed. TLC reports 1,182 distinct states,
/// 6,322 generated, depth 14, and so does ``Exploration`` of this system.
public struct AbstractHandshake: TransitionSystem {
  /// What one peer says to the other.
  public enum Message: String, Hashable, Sendable {
    case syn = "SYN"
    case synAck = "SYN-ACK"
    case ack = "ACK"
    case reset = "RST"
    case fin = "FIN"
    case ackOfFin = "ACK of FIN"
  }

  /// One peer, and what is on its way to it.
  public struct Peer: Hashable, Sendable {
    /// Where it stands.
    public var state: TCPState
    /// Whether it holds a transmission control block, without which it sends no RST.
    public var hasBlock = true
    /// What is under way to it, the next to arrive first.
    public var inbox: [Message] = []
  }

  /// Both peers.
  public struct State: Hashable, Sendable {
    /// The peers; which of them is the client, the first step of a run tells.
    public var peers: [Peer]

    /// Tells whether nothing is under way.
    public var isQuiet: Bool { peers.allSatisfy(\.inbox.isEmpty) }
  }

  /// What a peer does.
  public struct Label: Hashable, Sendable {
    /// Which peer, 0 or 1.
    public let peer: Int
    /// What it does.
    public let action: String
  }

  /// Creates the system.
  public init() {}

  /// One peer in SYN-SENT, its SYN under way to the other in LISTEN; either way round.
  public func initialStates() -> [State] {
    let opener = Peer(state: .synSent)
    let listener = Peer(state: .listen, inbox: [.syn])
    return [State(peers: [opener, listener]), State(peers: [listener, opener])]
  }

  /// Hands over what either peer may do.
  public func forEachStep(from state: State, _ take: (Label, State?) -> Void) {
    for peer in state.peers.indices {
      let moves = Self.moves(of: state.peers[peer])
      for move in moves {
        var next = state
        next.peers[peer].state = move.state
        next.peers[peer].hasBlock = move.keepsBlock && next.peers[peer].hasBlock
        next.peers[peer].inbox.removeFirst(move.received.count)
        if let message = move.sent { next.peers[1 - peer].inbox.append(message) }
        let isFollowed = !move.opens && next.peers.allSatisfy(Self.repeatsNothing)
        take(Label(peer: peer, action: move.action), isFollowed ? next : nil)
      }
    }
  }

  private static func repeatsNothing(_ peer: Peer) -> Bool {
    zip(peer.inbox, peer.inbox.dropFirst()).allSatisfy { $0 != $1 }
  }

  private static func moves(of peer: Peer) -> [Move] {
    userMoves(in: peer.state)
      + systemMoves(in: peer.state).filter { peer.inbox.starts(with: $0.received) }
      + (peer.state == .timeWait && peer.hasBlock
        ? [Move("lets TIME-WAIT end", to: .closed, keepsBlock: false)] : [])
      + resetMoves(of: peer)
  }

  /// What the user may ask for (RFC 9293 §3.10).
  private static func userMoves(in state: TCPState) -> [Move] {
    switch state {
    case .closed:
      [
        Move("opens actively", to: .synSent, sends: .syn, opens: true),
        Move("opens passively", to: .listen, opens: true),
      ]
    case .listen:
      [
        Move("closes", to: .closed, keepsBlock: false),
        Move("sends data", to: .synSent, sends: .syn, opens: true),
      ]
    case .synSent: [Move("closes", to: .closed, keepsBlock: false)]
    case .synReceived, .established: [Move("closes", to: .finWait1, sends: .fin)]
    case .closeWait: [Move("closes", to: .lastAck, sends: .fin)]
    case .finWait1, .finWait2, .closing, .lastAck, .timeWait: []
    }
  }

  /// What a message leads to: the arrows of RFC 9293, figure 5, and its note 2.
  private static func systemMoves(in state: TCPState) -> [Move] {
    switch state {
    case .listen: [Move([.syn], to: .synReceived, sends: .synAck)]
    case .synSent:
      [
        Move([.syn], to: .synReceived, sends: .synAck),
        Move([.synAck], to: .established, sends: .ack),
      ]
    case .synReceived: [Move([.reset], to: .listen), Move([.ack], to: .established)]
    case .established: [Move([.fin], to: .closeWait, sends: .ackOfFin)]
    case .finWait1:
      [
        Move([.fin], to: .closing, sends: .ackOfFin),
        Move([.ackOfFin], to: .finWait2),
        Move([.fin, .ackOfFin], to: .timeWait, sends: .ackOfFin),
      ]
    case .finWait2: [Move([.fin], to: .timeWait, sends: .ackOfFin)]
    case .closing: [Move([.ackOfFin], to: .timeWait)]
    case .lastAck: [Move([.ackOfFin], to: .closed)]
    case .closed, .closeWait, .timeWait: []
    }
  }

  /// Note 3 of the figure: a RST may be sent from any state, and one that arrives leads to LISTEN or
  /// CLOSED from any.
  private static func resetMoves(of peer: Peer) -> [Move] {
    (peer.hasBlock ? [Move("resets", to: .timeWait, sends: .reset)] : [])
      + (peer.inbox.first == .reset
        ? [Move([.reset], to: .listen), Move([.reset], to: .closed)] : [])
  }

  private struct Move {
    let action: String
    let received: [Message]
    let state: TCPState
    let sent: Message?
    let keepsBlock: Bool
    let opens: Bool

    init(
      _ action: String, to state: TCPState, sends sent: Message? = nil, keepsBlock: Bool = true,
      opens: Bool = false
    ) {
      self.action = action
      received = []
      self.state = state
      self.sent = sent
      self.keepsBlock = keepsBlock
      self.opens = opens
    }

    init(_ received: [Message], to state: TCPState, sends sent: Message? = nil) {
      action = "receives " + received.map(\.rawValue).joined(separator: " and ")
      self.received = received
      self.state = state
      self.sent = sent
      keepsBlock = true
      opens = false
    }
  }
}
