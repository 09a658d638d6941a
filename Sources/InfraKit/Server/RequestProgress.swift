/// Whose turn it is on a connection: the client's, who is in the middle of a request, or ours.
/// Does no I/O: it is told what passes.
struct RequestProgress {
    /// Whether bytes of a request came whose end has not.
    private var isBegun = false
    private var hasHead = false
    /// Answers that are due. An answer may end before its request does, when that is refused.
    private var owed = 0
    /// Bytes that came before the end of a request's head, others that came with it included.
    private(set) var headSize = 0

    /// Whether the client has begun a request and nothing but the client is waited for.
    var awaitsClient: Bool { isBegun && isClientsTurn }

    /// Whether no call is worked on.
    var isClientsTurn: Bool { owed <= 0 }

    mutating func receive(_ byteCount: Int) {
        isBegun = true
        if !hasHead { headSize += byteCount }
    }

    mutating func headEnded() {
        hasHead = true
        headSize = 0
    }

    mutating func requestEnded() {
        isBegun = false
        hasHead = false
        owed += 1
    }

    mutating func answerEnded() { owed -= 1 }
}
